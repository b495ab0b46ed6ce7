"""Volume reporting (报量): reports by hospitals and groups, base volumes."""
