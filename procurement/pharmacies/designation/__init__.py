"""Designation of hospitals, doctors and pharmacies, and the duty of hospitals to bring drugs in."""
