"""What places have in stock, and how people find it."""
