"""The specification of the storage device: one file for each activity, one function for each flow-chart box.

Read a file beside the figures named in its first line.  `state.py` declares what there is, `switches.py`
what may differ between embodiments, `commands.py` what a host may ask for, `specification.py` puts it together.
"""
