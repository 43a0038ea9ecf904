"""Signatures and their counts."""
