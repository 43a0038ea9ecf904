"""The print room: bundles, sheets, files."""
