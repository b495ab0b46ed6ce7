"""Accounts: organisations, their people, sign-in, tokens and certificates."""
