"""What must hold of the storage device: one file for each family of properties, `witnesses.py` for what must happen.

Ids follow the list of properties of the storage device: I1 the virtual view, I2 standard data, I3 protection bits, I4 map
bits, I5 to I8 log tracks, I9 sessions, I10 locks, I11 readiness, I12 provenance, I17 to I19 writes and requests, I20 lists,
I24 errors and ends of commands.
"""
