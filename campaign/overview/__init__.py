"""Pages made of several features."""
