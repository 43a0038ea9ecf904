"""What supporters leave with us: identity, consent ledger, visibility."""
