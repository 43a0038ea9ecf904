"""Drives: seasons that gather cases under one name, one goal and two dates."""
