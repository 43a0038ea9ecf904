"""Petitions and letters for detained human rights defenders."""
