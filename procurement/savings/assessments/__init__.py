"""Assessments: self-assessment with evidence, and the check on site."""
