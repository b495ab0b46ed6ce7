"""Complaints and questions of people: one number, one state, one answer each."""
