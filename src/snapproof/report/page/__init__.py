"""A counterexample as one HTML page that needs nothing else: no network, no framework, no script to be readable."""
