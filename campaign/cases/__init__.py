"""Defenders: status, timeline with sources, demands, outcomes."""
