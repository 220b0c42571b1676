"""Counterexamples as files and as words: the trace format, its rendering, and its replay on the model."""
