"""Inside a job: one attempt, from its folder to its outcome. The store is not known here."""
