"""Which pipeline function is being run: the steps that its calls make are noted here. Nothing is decided here."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import UserErrorException

if TYPE_CHECKING:
    from jupyter_aml.entities.step import Step

MOST_DEEP: Final = 100
"""Azure's own limit of pipelines within pipelines."""


@dataclass(slots=True)
class Site:
    """One run of a pipeline's function: the steps in the order of their calls, and what it says of itself."""

    name: str
    steps: "list[Step]" = field(default_factory=list["Step"])
    said: dict[str, object] = field(default_factory=dict[str, object])


_SITES: Final[ContextVar[tuple[Site, ...]]] = ContextVar("sites", default=())


def site() -> Site | None:
    """The innermost pipeline function that runs now; None outside of one."""
    sites = _SITES.get()
    return sites[-1] if sites else None


def note(step: "Step") -> None:
    """A step was made; outside of a pipeline's function nobody asks."""
    if here := site():
        here.steps.append(step)


@contextmanager
def building(name: str) -> Generator[Site]:
    """While a pipeline's function runs. UserErrorException beyond the limit of depth."""
    sites = _SITES.get()
    if len(sites) + 1 >= MOST_DEEP:
        raise UserErrorException(f"Pipeline {sites[0].name} depth exceeds limitation. Max depth: {MOST_DEEP}")
    made = Site(name)
    token = _SITES.set((*sites, made))
    try:
        yield made
    finally:
        _SITES.reset(token)
