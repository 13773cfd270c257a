"""What is typed in a terminal: `aml NOUN VERB`, in az ml's shape. Verbs parse and show; nothing is decided here."""
