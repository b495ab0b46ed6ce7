"""The platform: one folder per stage of volume-based procurement, in the order of the process."""
