"""Run by a test: submits a job whenever the supervisor is just about to leave; prints its lives and the jobs done."""

import random
import sys
import time

from jupyter_aml import MLClient, command
from jupyter_aml.engine import lifecycle

LIMIT = 120


def main(rounds: int) -> None:
    ml, rng, lives, finished = MLClient.default(), random.Random(6), set[int | None](), 0
    for _ in range(rounds):
        job = ml.jobs.create_or_update(command(command="true", compute="brief"))
        # No `wait`: that would start a supervisor by itself and hide a wish that was lost.
        deadline = time.monotonic() + LIMIT
        while ml.jobs.get(job.name or "").status != "Completed":
            lives.add(lifecycle.pid(ml.workspace.folder))
            if time.monotonic() > deadline:
                raise SystemExit(f"lost: {ml.jobs.story(job.name or '')}")
        finished += 1
        time.sleep(rng.uniform(0.015, 0.03))  # the supervisor goes 0.02 s after its last work
    sys.stdout.write(f"{len(lives - {None})} {finished}\n")


main(int(sys.argv[1]))
