"""SDK v1's samplers: a space whose names are the script's options, and how it is searched. Nothing is drawn here."""

import re
import shlex
from collections.abc import Mapping
from typing import ClassVar, Final

from jupyter_aml.entities.sweep_settings import SamplingAlgorithm, algorithm_of
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.sweep import Choice, SweepDistribution
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException

_WORD: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_OPTION: Final = re.compile(r"--?[A-Za-z0-9][\w-]*", re.ASCII)
_SINGLE, _DOUBLE = "'", '"'
_NOT_IN_DOUBLE: Final = frozenset('"$`\\!')


class HyperParameterSampling:
    """A search space: `{"--lr": uniform(0, 1)}`. `algorithm` is SDK v2's word for how it is searched.

    `properties` are what else is said of that: `{"seed": 1, "rule": "sobol"}` of a random one.
    """

    algorithm: ClassVar[str]
    _kinds: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, parameter_space: Mapping[str, SweepDistribution], properties: Mapping[str, object] | None = None
    ) -> None:
        if not parameter_space:
            raise HyperDriveConfigException("parameter_space: empty.", resolution="{'--lr': choice(0.1, 0.01)}")
        for name, found in parameter_space.items():
            self._check(name, found)
        self.parameter_space = {_parameter(name): found for name, found in parameter_space.items()}
        self.properties = dict(properties or {})
        self.draft()

    def draft(self) -> SamplingAlgorithm | str:
        """How it is searched, as SDK v2 says it (ours). HyperDriveConfigException for a property that it has not."""
        if not self.properties:
            return self.algorithm
        try:
            return algorithm_of({"type": self.algorithm, **self.properties}) or self.algorithm
        except ValidationException as error:
            raise HyperDriveConfigException(f"properties: {error.message}", resolution=error.resolution) from None

    def arguments(self) -> str:
        """What a trial's command says of them, with SDK v2's placeholders in place of the values."""
        return " ".join(f"{_option(name)} {_slot(name, found)}" for name, found in self.parameter_space.items())

    def _check(self, name: str, found: object) -> None:
        if not isinstance(found, SweepDistribution):
            raise HyperDriveConfigException(
                f"parameter_space[{name!r}]: found {found!r}.", resolution="Use choice(…), uniform(…) and the like."
            )
        if self._kinds and found.type not in self._kinds:
            raise HyperDriveConfigException(
                f"parameter_space[{name!r}]: {self.algorithm} sampling does not support '{found.type}'.",
                resolution=did_you_mean(found.type, self._kinds),
            )


class RandomParameterSampling(HyperParameterSampling):
    """Any expression; each trial for itself."""

    algorithm = "random"


class GridParameterSampling(HyperParameterSampling):
    """Choices only; every combination."""

    algorithm = "grid"
    _kinds = ("choice",)


class BayesianParameterSampling(HyperParameterSampling):
    """Choices and uniform numbers; it learns from trials that ended, and so from whole ones."""

    algorithm = "bayesian"
    _kinds = ("choice", "quniform", "uniform")


def _parameter(name: str) -> str:
    """A name as it is; one that only an option may have, as that option."""
    option = name if name.startswith("-") else f"--{name}"
    if _WORD.fullmatch(name) or _OPTION.fullmatch(name):
        return name
    if _OPTION.fullmatch(option):
        return option
    raise HyperDriveConfigException(f"parameter_space: {name!r} is no option of a script.", resolution="Use '--lr'.")


def _option(name: str) -> str:
    return name if name.startswith("-") else f"--{name}"


def _slot(name: str, found: SweepDistribution) -> str:
    """Where the value goes: in quotes, if one of them is a text that a shell would not leave alone."""
    place = f"${{{{search_space.{name}}}}}"
    values = found.values or [] if isinstance(found, Choice) else []
    texts = [value for value in values if isinstance(value, str)]
    if all(shlex.quote(text) == text for text in texts):
        return place
    joined = "".join(texts)
    if _SINGLE not in joined:
        return f"{_SINGLE}{place}{_SINGLE}"
    if _NOT_IN_DOUBLE.isdisjoint(joined):
        return f"{_DOUBLE}{place}{_DOUBLE}"
    raise HyperDriveConfigException(
        f"parameter_space[{name!r}]: its texts hold both kinds of quotes, or ' and one of $ ` \\ !.",
        resolution="Choose among numbers or short words, and look the texts up in the script.",
    )
