"""Keys, blind index, tokens, headers, sessions. Knows no feature."""
