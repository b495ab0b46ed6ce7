"""Certificates of organisations: authorities, bound keys, seals on papers, time stamps."""
