"""What the list must be like: periods that never overlap, criteria that are met. Pure."""
