"""Letters and solidarity messages, and the steps of their way."""
