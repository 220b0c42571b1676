"""Scenarios of a specification, run: where they come from, searches in several processes, what is expected of them."""
