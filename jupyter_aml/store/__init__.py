"""Where things are kept: one SQLite file and the files beside it. Rows in, rows out; nothing is decided or started."""
