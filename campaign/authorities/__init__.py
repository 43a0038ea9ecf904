"""Offices that can act, their mailboxes, and when they were last verified."""
