"""The list of drugs of the dual channel: what is on it from when on, and who decided so.

Other parts ask `procurement.pharmacies.listed.service`; nothing else writes the tables.
"""
