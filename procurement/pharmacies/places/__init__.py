"""Places that carry medicines: hospitals and pharmacies, their map points and opening hours."""
