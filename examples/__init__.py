"""A fictional municipality, made by a seeded generator: python -m examples.generate."""
