"""The catalogue: generic products, strengths, manufacturers' products and their codes."""
