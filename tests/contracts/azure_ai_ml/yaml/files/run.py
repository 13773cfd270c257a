"""What the components of these YAMLs would run. Nothing runs it."""
