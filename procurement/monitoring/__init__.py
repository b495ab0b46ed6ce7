"""Price and supply monitoring over five links: monthly surveys and the quarterly report."""
