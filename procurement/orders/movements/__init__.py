"""Stock movements of hospitals, in the field names of the national interface (3501 to 3507)."""
