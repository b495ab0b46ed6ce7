"""Reports of hospitals: begun, checked, split among members, submitted, reviewed."""
