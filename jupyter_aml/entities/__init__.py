"""What things are. Every module here is pure: it opens no file, starts nothing, knows no clock.

The SDK v2's entity names are here (`from jupyter_aml.entities import Environment`), each opened when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jupyter_aml.entities.compute import AmlCompute
    from jupyter_aml.entities.environment import BuildContext, Environment
    from jupyter_aml.entities.job import Command, CommandJobLimits, Job, QueueSettings, ResourceConfiguration

__all__ = [
    "AmlCompute",
    "BuildContext",
    "Command",
    "CommandJobLimits",
    "Environment",
    "Job",
    "QueueSettings",
    "ResourceConfiguration",
]

_MODULES: Final = {"AmlCompute": "compute", "BuildContext": "environment", "Environment": "environment"}


def __getattr__(name: str) -> object:
    """A public entity, its module opened now: the supervisor and the runner must not pay for pydantic."""
    if name not in __all__:
        message = f"module 'jupyter_aml.entities' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(import_module(f"jupyter_aml.entities.{_MODULES.get(name, 'job')}"), name)
