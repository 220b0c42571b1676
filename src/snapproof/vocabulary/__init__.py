"""The words that model and engine share: values of switches, and states of what both have.

Only words: the boxes of model and engine are written independently, and know nothing of each other.
"""
