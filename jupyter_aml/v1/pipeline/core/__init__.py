"""The names of `azureml.pipeline.core`. Nothing is defined here."""

from jupyter_aml.v1.pipeline.core.builder import PipelineStep, StepSequence
from jupyter_aml.v1.pipeline.core.graph import PipelineData, PipelineParameter
from jupyter_aml.v1.pipeline.core.pipeline import Pipeline
from jupyter_aml.v1.pipeline.core.pipeline_endpoint import PipelineEndpoint
from jupyter_aml.v1.pipeline.core.published import PublishedPipeline
from jupyter_aml.v1.pipeline.core.run import PipelineRun, PortDataReference, StepRun, StepRunOutput
from jupyter_aml.v1.pipeline.core.schedule import Schedule, ScheduleRecurrence, TimeZone

__all__ = [
    "Pipeline",
    "PipelineData",
    "PipelineEndpoint",
    "PipelineParameter",
    "PipelineRun",
    "PipelineStep",
    "PortDataReference",
    "PublishedPipeline",
    "Schedule",
    "ScheduleRecurrence",
    "StepRun",
    "StepRunOutput",
    "StepSequence",
    "TimeZone",
]
