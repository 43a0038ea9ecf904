"""Calls to action: versions of their text, targets, milestones, drives."""
