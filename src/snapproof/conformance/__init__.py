"""Where the model and the engine meet: model behaviours on the engine's threads, and free runs of the threads in the model.

`mapping.py` says what an engine's state is in the words of the model, `answers.py` what a host gets, `comparing.py` when
they are equal.  `lockstep_replay.py` drives the engine box by box; `kept_traces.py`, `cover.py` and `walks.py` choose what
to replay.  The other way round, `free_run.py` logs what free threads did and leads the plain reading along the log
(`plain_following.py`); `free_setups.py` draws arrays, builds and programs for that.
"""
