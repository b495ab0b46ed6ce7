"""Organisations and how they are related: registering, changing, finding them."""
