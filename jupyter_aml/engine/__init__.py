"""What makes it happen: wishes become processes, processes become facts. What may be wished is said in `operations`."""
