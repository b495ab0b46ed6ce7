"""Signing in and staying signed in: passwords, one-time codes, directories, tokens."""
