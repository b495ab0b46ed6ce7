"""Eligibility papers: handed in, judged and completed before anything is opened."""
