"""Programs of jobs that are made of other jobs. Each is a process of its own; none writes a status."""
