"""Samples: seeded postings and lists whose totals are fixed before any line is written."""
