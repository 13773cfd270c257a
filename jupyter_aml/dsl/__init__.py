"""The names of `azure.ai.ml.dsl` and of `mldesigner`: functions that become pipelines and components.

Names only; each is defined in a module beside this one.
"""

from jupyter_aml.dsl.components import command_component
from jupyter_aml.dsl.decorator import pipeline, set_pipeline_settings
from jupyter_aml.dsl.flow import condition, do_while, if_else, parallel_for

__all__ = [
    "command_component",
    "condition",
    "do_while",
    "if_else",
    "parallel_for",
    "pipeline",
    "set_pipeline_settings",
]
