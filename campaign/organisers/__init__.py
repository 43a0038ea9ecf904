"""Accounts of organisers and volunteers, and the frame of the desk."""
