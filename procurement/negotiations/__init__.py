"""National negotiations: dossiers, reviews, two groups, the sealed maximum price, the session."""
