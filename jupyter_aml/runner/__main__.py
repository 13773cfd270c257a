"""A runner that is started by hand or by another engine: `python -I -S …/runner/__main__.py FOLDER`. No policy here."""

import sys
from pathlib import Path

ALREADY_RUNS = 75
"""Exit code: another process holds the attempt's lease (EX_TEMPFAIL)."""

if __package__ in {None, ""}:
    # Run as a file: without `site`, the package is found from here.
    # Last, so that no package beside it hides the standard library.
    sys.path.append(str(Path(__file__).parents[2]))


def main(arguments: list[str]) -> int:
    """Run the attempt in the folder that is the one argument; 0 once its outcome is written."""
    from jupyter_aml.entities.job_folder import AttemptFolder
    from jupyter_aml.runner import attempt, claim

    folder = AttemptFolder(Path(arguments[0]).absolute())
    lease = claim.take_lease(folder)
    if lease is None:
        return ALREADY_RUNS
    attempt.run(folder, lease=lease)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
