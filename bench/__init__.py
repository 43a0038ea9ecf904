"""Benchmarks: each one command, each a ratio to a limit that is measured in the same run."""
