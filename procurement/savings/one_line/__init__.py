"""From reported need to the cent that is kept, on any day."""
