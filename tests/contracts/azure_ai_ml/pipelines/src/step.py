"""What the components of the compared pipelines name as their code; it is not run."""
