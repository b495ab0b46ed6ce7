"""Backing up an installation into one file, and restoring it from that file.

The file holds the database, the folders of the data folder, and a manifest with their digests and
with what must be the same after a restore: the head of the audit trail, the Merkle roots of closed
logs, a digest of the sealed rows, and how many rows each table has. It never holds the
installation's key.
"""
