"""SDK v1's pipelines: its names over SDK v2's pipeline jobs. Nothing is run or decided here."""
