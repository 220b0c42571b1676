"""Where the model and the engine meet: lock-step replay of model behaviours on the engine's threads, box by box.

`mapping.py` says what an engine's state is in the words of the model; `lockstep_replay.py` drives and compares;
`kept_traces.py` and `cover.py` choose what to replay.
"""
