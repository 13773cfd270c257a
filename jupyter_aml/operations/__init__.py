"""What may be done: each act checks everything, then writes one wish. Nothing is started here; that is `engine`."""
