"""How a hospital hands on what it keeps: parts that add up to it."""
