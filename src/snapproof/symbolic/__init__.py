"""The symbolic reading: steps and properties on z3 terms."""
