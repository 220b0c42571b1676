"""Mutants of the model and of its properties: one small change at a time, and what notices it (docs/mutants.md)."""
