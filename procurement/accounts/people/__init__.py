"""People of organisations: invitations, roles, passwords."""
