"""Inside a parallel step's job: its data in mini-batches, over worker processes. No store, no engine is known here.

It runs in the step's own environment, beside an entry script that may want an old Python: 3.8 and the standard library
are all it needs. A process of its own reads tables, because pandas makes threads, and the driver forks.
"""
