"""How much each parameter matters for the metric. Pure; nothing is decided by it.

An analysis of variance, one parameter at a time: how much of the metric's variance lies between trials whose values
of the parameter differ (η², adjusted for the number of groups). The metric is ranked first, so that one trial that
went astray does not decide. Optuna's own evaluators load scikit-learn: two seconds at the end of every sweep.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Sequence
from statistics import fmean
from typing import Final

from jupyter_aml.engine.orchestrators.sweep.sampling import Observed
from jupyter_aml.entities.distributions import Choice, Space

FEWEST: Final = 8
"""Trials with a number; of fewer, nothing can be said."""
_GROUPS: Final = 8


def importance(observed: Sequence[Observed], space: Space) -> dict[str, float]:
    """The share of each parameter, largest first, all of them 1; nothing where nothing can be said."""
    seen = [(one.params, one.value) for one in observed if one.value is not None and not math.isnan(one.value)]
    if len(seen) < FEWEST:
        return {}
    ranks = _ranks([value for _, value in seen])
    shares = {
        name: _share(_groups([params[name] for params, _ in seen], is_choice=isinstance(found, Choice)), ranks)
        for name, found in space.items()
    }
    total = sum(shares.values())
    return {name: shares[name] / total for name in sorted(shares, key=lambda one: -shares[one])} if total else {}


def _ranks(values: Sequence[float]) -> list[float]:
    """Where each value stands among all; equal ones stand at the same place."""
    ordered = sorted(values)
    return [(bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in values]


def _groups(values: Sequence[object], *, is_choice: bool) -> list[Hashable]:
    """Trials with the same choice are a group; numbers are cut into groups of about equal size."""
    if is_choice:
        return [repr(value) for value in values]
    places = _ranks([float(str(value)) for value in values])
    return [int(place * _GROUPS / len(values)) for place in places]


def _share(groups: Sequence[Hashable], ranks: Sequence[float]) -> float:
    """Adjusted η² of the ranks by group; 0 where it says nothing."""
    members: dict[Hashable, list[float]] = defaultdict(list)
    for group, rank in zip(groups, ranks, strict=True):
        members[group].append(rank)
    total, count = _spread(ranks), len(ranks)
    if total == 0 or count <= len(members):
        return 0.0
    within = sum(_spread(some) for some in members.values())
    return max(0.0, 1 - within / total * (count - 1) / (count - len(members)))


def _spread(ranks: Sequence[float]) -> float:
    mean = fmean(ranks)
    return sum((rank - mean) ** 2 for rank in ranks)
