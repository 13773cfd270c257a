"""`python -m tests.machine.many [EVENTS] [SEED]`: one long life of the machine, driven at random, every law checked."""

import random
import sys
import time

from jupyter_aml.entities.names import JobName
from tests.machine.world import RESULTS, Job, World

REMEMBERED = 40
_KINDS = ({"low_priority": True}, {"is_instance": True}, {})


def live(events: int, seed: int) -> dict[str, int]:
    """Feed `events` random facts; how many jobs there were, how they ended, and how many attempts were launched."""
    rng = random.Random(seed)
    counts = {"jobs": 0, "attempts": 0, "restarts": 0, "Completed": 0, "Failed": 0, "Canceled": 0}
    world = World(**_KINDS[seed % len(_KINDS)])
    while world.events < events:
        counts["restarts"] += _one(world, rng)
        if len(world.jobs) > REMEMBERED:
            _forget(world, counts)
    world.drain()
    _forget(world, counts)
    return counts | {"events": world.events}


def _one(world: World, rng: random.Random) -> bool:
    alive = world.alive()
    restarts = rng.random() < 0.1
    if restarts:
        rng.choice((world.restart, lambda: world.crash_before_acting(rng.randrange(99), rng.randint(1, 3))))()
    elif alive and rng.random() < 0.6:
        _of_an_attempt(world, rng, rng.choice(alive))
    else:
        _of_the_rest(world, rng)
    return restarts


def _of_an_attempt(world: World, rng: random.Random, job: Job) -> None:
    rng.choice((world.start, world.finish, lambda job: world.end(job, rng.choice(RESULTS)), world.lose))(job)


def _of_the_rest(world: World, rng: random.Random) -> None:
    name = rng.choice([*world.jobs, JobName("nobody")])
    low = rng.randint(0, 2)
    # What asks for more than an instance's one node waits for ever: a few of them do.
    largest = 4 if world.made.instance is None or rng.random() < 0.01 else 1
    rng.choice(
        (
            lambda: world.wish(rng.randint(1, largest), rng.randint(1, 3)),
            lambda: world.wish(1, 1),
            lambda: world.take_up() if world.made.instance is None else None,
            lambda: world.cancel(name),
            lambda: world.refuse(name) if rng.random() < 0.1 else None,
            lambda: world.stale(name, rng.randint(-1, 4), rng.randrange(5)),
            lambda: world.resize(low, low + rng.randint(0, 3), rng.choice((0.0, 30.0, 120.0))),
            lambda: world.tick(rng.choice((0.0, 1.0, 29.0, 600.0))),
            lambda: world.preempt(rng.choice([node.number for node in world.cluster.each] or [0])),
            lambda: world.power(rng.choice(("start", "stop", "restart")), rng.choice(("User", "Schedule"))),
        )
    )()


def _forget(world: World, counts: dict[str, int]) -> None:
    """Finished jobs leave the model's memory, or each check would grow with the years."""
    for job in [job for job in world.jobs.values() if job.is_over]:
        counts["jobs"] += 1
        counts["attempts"] += len(job.launched)
        counts[job.status] += 1
        del world.jobs[job.name]


if __name__ == "__main__":
    wanted = [int(word) for word in sys.argv[1:]]
    began = time.perf_counter()
    found = live(*(wanted + [100_000, 0][len(wanted) :]))
    sys.stdout.write(f"{found} in {time.perf_counter() - began:.1f} s\n")
