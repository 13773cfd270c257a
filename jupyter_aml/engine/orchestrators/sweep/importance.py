"""How much each parameter matters for the metric: by Optuna's PED-ANOVA, which is quick. Nothing is decided by it."""

import warnings
from collections.abc import Sequence

from jupyter_aml.engine.orchestrators.sweep.sampling import Observed
from jupyter_aml.entities.distributions import Choice, Space
from jupyter_aml.entities.sweep_plan import Goal

FEWEST = 8
"""Trials with a value; of fewer, nothing can be said."""


def importance(observed: Sequence[Observed], space: Space, goal: Goal) -> dict[str, float]:
    """A share of each parameter, which sum to 1; nothing where there are too few trials, or all came to the same."""
    import math

    seen = [one for one in observed if one.value is not None and math.isfinite(one.value)]
    names = [name for name, found in space.items() if found.width == 1]
    if len(seen) < FEWEST or len({one.value for one in seen}) == 1 or not names:
        return {}
    import optuna

    study = optuna.create_study(direction=goal)
    study.add_trials(_told(one, names, _axes(seen, names, space)) for one in seen)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is said to be new
        evaluator = optuna.importance.PedAnovaImportanceEvaluator()
        shares = optuna.importance.get_param_importances(study, evaluator=evaluator, params=None)
    total = sum(shares.values())
    return {name: float(shares[name] / total) for name in shares} if total > 0 else {}


def _axes(seen: Sequence[Observed], names: Sequence[str], space: Space) -> dict[str, object]:
    """Each parameter as Optuna knows it: categories, or numbers from the least to the largest that was drawn."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    axes: dict[str, object] = {}
    for name in names:
        values = [one.params[name] for one in seen]
        if isinstance(space[name], Choice):
            axes[name] = CategoricalDistribution(sorted({repr(value) for value in values}))
        else:
            axes[name] = FloatDistribution(min(values), max(values))
    return axes


def _told(one: Observed, names: Sequence[str], axes: dict[str, object]) -> object:
    from optuna.distributions import CategoricalDistribution
    from optuna.trial import create_trial

    places = {
        name: repr(one.params[name]) if isinstance(axes[name], CategoricalDistribution) else one.params[name]
        for name in names
    }
    return create_trial(params=places, distributions=axes, value=one.value)
