"""SDK v1's parameter expressions: positional arguments, its own checks, SDK v2's distributions. Nothing is drawn."""

from collections.abc import Callable
from typing import Any

import pytest

from jupyter_aml import sweep
from jupyter_aml.entities import distributions
from jupyter_aml.v1.train import hyperdrive
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (hyperdrive.choice(1, 2, 3), sweep.Choice([1, 2, 3])),
        (hyperdrive.choice([1, 2, 3]), sweep.Choice([1, 2, 3])),
        (hyperdrive.choice(range(1, 4)), sweep.Choice([1, 2, 3])),
        (hyperdrive.choice("adam"), sweep.Choice(["adam"])),
        (hyperdrive.choice({"a": 1}), sweep.Choice([{"a": 1}])),
        (hyperdrive.randint(4), sweep.Randint(4)),
        (hyperdrive.uniform(0.05, 0.1), sweep.Uniform(0.05, 0.1)),
        (hyperdrive.quniform(1, 100, 5), sweep.QUniform(1, 100, 5)),
        (hyperdrive.loguniform(-6, -1), sweep.LogUniform(-6, -1)),
        (hyperdrive.loguniform(-1, -1), sweep.LogUniform(-1, -1)),
        (hyperdrive.qloguniform(1, 5, 2), sweep.QLogUniform(1, 5, 2)),
        (hyperdrive.normal(10, 3), sweep.Normal(10, 3)),
        (hyperdrive.qnormal(10, 3, 2), sweep.QNormal(10, 3, 2)),
        (hyperdrive.lognormal(0, 1), sweep.LogNormal(0, 1)),
        (hyperdrive.qlognormal(0, 1, 1), sweep.QLogNormal(0, 1, 1)),
    ],
)
def test_an_expression_is_sdk_v2s_distribution(made: sweep.SweepDistribution, wanted: sweep.SweepDistribution) -> None:
    assert made.spec() == wanted.spec()
    assert type(made) is type(wanted)
    distributions.distribution(made.spec())


@pytest.mark.parametrize(
    ("make", "arguments", "told"),
    [
        (hyperdrive.choice, (), "something to choose from"),
        (hyperdrive.choice, ([],), "something to choose from"),
        (hyperdrive.randint, (0,), "upper is a whole number above 0; found 0"),
        (hyperdrive.randint, (2.5,), "upper is a whole number above 0"),
        (hyperdrive.uniform, (1, 1), "min_value, which is 1, is not below max_value, which is 1"),
        (hyperdrive.uniform, (2, 1), "min_value, which is 2"),
        (hyperdrive.quniform, (0, 1, 0.1), "q is a whole number above 0 in SDK v1; found 0.1"),
        (hyperdrive.quniform, (0, 1, 0), "q is a whole number above 0"),
        (hyperdrive.loguniform, (1, 0), "min_value, which is 1"),
        (hyperdrive.qloguniform, (0, 1, True), "q is a whole number above 0"),
        (hyperdrive.normal, (0, -1), "sigma is not negative"),
        (hyperdrive.normal, ("a", 1), "mu is a number; found 'a'"),
        (hyperdrive.qnormal, (0, 1, -2), "q is a whole number above 0"),
        (hyperdrive.lognormal, (0, float("nan")), "sigma is a number"),
        (hyperdrive.qlognormal, (0, -1, 1), "sigma is not negative"),
    ],
)
def test_what_cannot_be_drawn_is_told_when_it_is_made(
    make: Callable[..., object], arguments: tuple[Any, ...], told: str
) -> None:
    with pytest.raises(HyperDriveConfigException, match=told) as caught:
        make(*arguments)
    assert caught.value.message.startswith(f"{make.__name__}: ")
