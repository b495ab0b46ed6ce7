"""The home page: what waits for each role."""
