"""The patient's way to a negotiated drug: registration, prescriptions, benefit.

Of a patient only a pseudonym is kept, and that no longer than the rules need.
"""
