"""Classes that public code takes from the SDK's private modules. Names only, but for constants of Azure's."""

from jupyter_aml.client.jobs import ValidationResult
from jupyter_aml.constants import IsolationMode
from jupyter_aml.entities.job_settings import JobService
from jupyter_aml.entities.ports import NodeOutput, PipelineInput

__all__ = ["IsolationMode", "JobService", "NodeOutput", "PipelineInput", "ValidationResult"]
