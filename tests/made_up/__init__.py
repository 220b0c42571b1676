"""Specifications made up from a number: what the three readings are held against each other on.

`world.py` declares, `expressions.py` and `bodies.py` write what stands in functions, `texts.py` puts a whole
specification together, `mistakes.py` spoils it.  `readings.py` compares, `examples.py` does all of that for one number,
`smaller.py` makes what fails small, `reach.py` says which lines of the checker all of it reached.
"""
