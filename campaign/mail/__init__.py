"""Outgoing mail to supporters and organisers: rows and states, building, sending, what the server said."""
