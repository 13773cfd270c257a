"""A pipeline: its steps begun when what they read is there, or taken from an earlier run."""
