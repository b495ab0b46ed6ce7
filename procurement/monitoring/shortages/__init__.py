"""The shortage list and its lights."""
