"""What the experts say of a dossier, and the talks with its maker that are on record."""
