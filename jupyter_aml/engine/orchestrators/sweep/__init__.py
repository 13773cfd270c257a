"""A sweep: parameters drawn, trials begun and ended, the best one found."""
