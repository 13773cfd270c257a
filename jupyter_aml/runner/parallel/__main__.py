"""`python -m jupyter_aml.runner.parallel …`: the command of a parallel step's job. Says who it is, and starts."""

import sys

from jupyter_aml.runner.parallel.driver import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
