"""Counterexamples as data: recorded from a search, kept as files, compared, and replayed on the model."""
