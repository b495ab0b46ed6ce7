"""The session: the sealed envelope, its opening for the negotiators, quotes, deal, record."""
