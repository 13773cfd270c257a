"""What things are. Every module here is pure: it opens no file, starts nothing, knows no clock.

The SDK v2's entity names are here (`from jupyter_aml.entities import Environment`), each opened when first used.
"""

from __future__ import annotations  # a parallel step may run with an old Python

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jupyter_aml.entities.asset import SystemData
    from jupyter_aml.entities.attached_compute import (
        AutoPauseSettings,
        AutoScaleSettings,
        KubernetesCompute,
        SynapseSparkCompute,
        VirtualMachineCompute,
        VirtualMachineSshSettings,
    )
    from jupyter_aml.entities.command_node import CommandNode, SweepNode
    from jupyter_aml.entities.component import (
        CommandComponent,
        Component,
        ParallelComponent,
        ParallelTask,
        PipelineComponent,
        RetrySettings,
    )
    from jupyter_aml.entities.compute import (
        AmlCompute,
        AmlComputeNodeInfo,
        AmlComputeSshSettings,
        Compute,
        NetworkSettings,
        UnsupportedCompute,
        Usage,
        UsageName,
        VmSize,
    )
    from jupyter_aml.entities.compute_instance import (
        AssignedUserConfiguration,
        ComputeInstance,
        ComputeInstanceSshSettings,
        ComputeSchedules,
        ComputeStartStopSchedule,
        CustomApplications,
        EndpointsSettings,
        ImageMetadata,
        ImageSettings,
        ScriptReference,
        SetupScripts,
        VolumeSettings,
    )
    from jupyter_aml.entities.connection import (
        APIKeyConnection,
        AzureAISearchConnection,
        AzureAIServicesConnection,
        AzureBlobStoreConnection,
        AzureContentSafetyConnection,
        AzureOpenAIConnection,
        AzureSpeechServicesConnection,
        MicrosoftOneLakeConnection,
        OpenAIConnection,
        SerpConnection,
        ServerlessConnection,
        WorkspaceConnection,
    )
    from jupyter_aml.entities.control_flow import DoWhile, IfElse, ParallelFor
    from jupyter_aml.entities.credentials import (
        AadCredentialConfiguration,
        AccessKeyConfiguration,
        AccountKeyConfiguration,
        AmlTokenConfiguration,
        ApiKeyConfiguration,
        CertificateConfiguration,
        IdentityConfiguration,
        ManagedIdentityConfiguration,
        NoneCredentialConfiguration,
        PatTokenConfiguration,
        SasTokenConfiguration,
        ServicePrincipalConfiguration,
        UserIdentityConfiguration,
        UsernamePasswordConfiguration,
    )
    from jupyter_aml.entities.data import Data
    from jupyter_aml.entities.datastore import (
        AzureBlobDatastore,
        AzureDataLakeGen1Datastore,
        AzureDataLakeGen2Datastore,
        AzureFileDatastore,
        Datastore,
        GCSDatastore,
        LocalDatastore,
        OneLakeArtifact,
        OneLakeDatastore,
        S3Datastore,
        TokenConfiguration,
    )
    from jupyter_aml.entities.environment import BuildContext, Environment
    from jupyter_aml.entities.job import Command, CommandJob, Job
    from jupyter_aml.entities.job_settings import CommandJobLimits, QueueSettings, ResourceConfiguration
    from jupyter_aml.entities.managed_network import (
        CustomerManagedKey,
        FqdnDestination,
        IPRule,
        ManagedNetwork,
        ManagedNetworkProvisionStatus,
        NetworkAcls,
        PrivateEndpointDestination,
        ServerlessComputeSettings,
        ServiceTagDestination,
    )
    from jupyter_aml.entities.model import Model
    from jupyter_aml.entities.pipeline import SubmittedPipelineJob
    from jupyter_aml.entities.pipeline_job import PipelineJob
    from jupyter_aml.entities.pipeline_node import Parallel, Pipeline, PipelineJobSettings
    from jupyter_aml.entities.schedule import JobSchedule, ScheduleTriggerResult
    from jupyter_aml.entities.sweep import Sweep
    from jupyter_aml.entities.sweep_job import ParameterizedCommand
    from jupyter_aml.entities.trigger import CronTrigger, RecurrencePattern, RecurrenceTrigger
    from jupyter_aml.entities.workspace_resource import Workspace

__all__ = [
    "APIKeyConnection",
    "AadCredentialConfiguration",
    "AccessKeyConfiguration",
    "AccountKeyConfiguration",
    "AmlCompute",
    "AmlComputeNodeInfo",
    "AmlComputeSshSettings",
    "AmlTokenConfiguration",
    "ApiKeyConfiguration",
    "AssignedUserConfiguration",
    "AutoPauseSettings",
    "AutoScaleSettings",
    "AzureAISearchConnection",
    "AzureAIServicesConnection",
    "AzureBlobDatastore",
    "AzureBlobStoreConnection",
    "AzureContentSafetyConnection",
    "AzureDataLakeGen1Datastore",
    "AzureDataLakeGen2Datastore",
    "AzureFileDatastore",
    "AzureOpenAIConnection",
    "AzureSpeechServicesConnection",
    "BuildContext",
    "CertificateConfiguration",
    "Command",
    "CommandComponent",
    "CommandJob",
    "CommandJobLimits",
    "CommandNode",
    "Component",
    "Compute",
    "ComputeInstance",
    "ComputeInstanceSshSettings",
    "ComputeSchedules",
    "ComputeStartStopSchedule",
    "CronTrigger",
    "CustomApplications",
    "CustomerManagedKey",
    "Data",
    "Datastore",
    "DoWhile",
    "EndpointsSettings",
    "Environment",
    "FqdnDestination",
    "GCSDatastore",
    "IPRule",
    "IdentityConfiguration",
    "IfElse",
    "ImageMetadata",
    "ImageSettings",
    "Job",
    "JobSchedule",
    "KubernetesCompute",
    "LocalDatastore",
    "ManagedIdentityConfiguration",
    "ManagedNetwork",
    "ManagedNetworkProvisionStatus",
    "MicrosoftOneLakeConnection",
    "Model",
    "NetworkAcls",
    "NetworkSettings",
    "NoneCredentialConfiguration",
    "OneLakeArtifact",
    "OneLakeDatastore",
    "OpenAIConnection",
    "Parallel",
    "ParallelComponent",
    "ParallelFor",
    "ParallelTask",
    "ParameterizedCommand",
    "PatTokenConfiguration",
    "Pipeline",
    "PipelineComponent",
    "PipelineJob",
    "PipelineJobSettings",
    "PrivateEndpointDestination",
    "QueueSettings",
    "RecurrencePattern",
    "RecurrenceTrigger",
    "ResourceConfiguration",
    "RetrySettings",
    "S3Datastore",
    "SasTokenConfiguration",
    "ScheduleTriggerResult",
    "ScriptReference",
    "SerpConnection",
    "ServerlessComputeSettings",
    "ServerlessConnection",
    "ServicePrincipalConfiguration",
    "ServiceTagDestination",
    "SetupScripts",
    "SubmittedPipelineJob",
    "Sweep",
    "SweepNode",
    "SynapseSparkCompute",
    "SystemData",
    "TokenConfiguration",
    "UnsupportedCompute",
    "Usage",
    "UsageName",
    "UserIdentityConfiguration",
    "UsernamePasswordConfiguration",
    "VirtualMachineCompute",
    "VirtualMachineSshSettings",
    "VmSize",
    "VolumeSettings",
    "Workspace",
    "WorkspaceConnection",
]

_MODULES: Final[dict[str, str]] = {
    "asset": "SystemData",
    "attached_compute": (
        "AutoPauseSettings AutoScaleSettings KubernetesCompute SynapseSparkCompute VirtualMachineCompute "
        "VirtualMachineSshSettings"
    ),
    "component": "CommandComponent Component ParallelComponent ParallelTask PipelineComponent RetrySettings",
    "compute": (
        "AmlCompute AmlComputeNodeInfo AmlComputeSshSettings Compute NetworkSettings UnsupportedCompute Usage "
        "UsageName VmSize"
    ),
    "compute_instance": (
        "AssignedUserConfiguration ComputeInstance ComputeInstanceSshSettings ComputeSchedules "
        "ComputeStartStopSchedule CustomApplications EndpointsSettings ImageMetadata ImageSettings ScriptReference "
        "SetupScripts VolumeSettings"
    ),
    "connection": (
        "APIKeyConnection AzureAISearchConnection AzureAIServicesConnection AzureBlobStoreConnection "
        "AzureContentSafetyConnection AzureOpenAIConnection AzureSpeechServicesConnection "
        "MicrosoftOneLakeConnection OpenAIConnection SerpConnection ServerlessConnection WorkspaceConnection"
    ),
    "credentials": (
        "AadCredentialConfiguration AccessKeyConfiguration AccountKeyConfiguration AmlTokenConfiguration "
        "ApiKeyConfiguration CertificateConfiguration IdentityConfiguration ManagedIdentityConfiguration "
        "NoneCredentialConfiguration PatTokenConfiguration SasTokenConfiguration ServicePrincipalConfiguration "
        "UserIdentityConfiguration UsernamePasswordConfiguration"
    ),
    "data": "Data",
    "datastore": (
        "AzureBlobDatastore AzureDataLakeGen1Datastore AzureDataLakeGen2Datastore AzureFileDatastore Datastore "
        "GCSDatastore LocalDatastore OneLakeArtifact OneLakeDatastore S3Datastore TokenConfiguration"
    ),
    "environment": "BuildContext Environment",
    "job": "Command CommandJob Job",
    "job_settings": "CommandJobLimits QueueSettings ResourceConfiguration",
    "managed_network": (
        "CustomerManagedKey FqdnDestination IPRule ManagedNetwork ManagedNetworkProvisionStatus NetworkAcls "
        "PrivateEndpointDestination ServerlessComputeSettings ServiceTagDestination"
    ),
    "command_node": "CommandNode SweepNode",
    "control_flow": "DoWhile IfElse ParallelFor",
    "model": "Model",
    "pipeline": "SubmittedPipelineJob",
    "pipeline_job": "PipelineJob",
    "pipeline_node": "Parallel Pipeline PipelineJobSettings",
    "schedule": "JobSchedule ScheduleTriggerResult",
    "sweep": "Sweep",
    "sweep_job": "ParameterizedCommand",
    "trigger": "CronTrigger RecurrencePattern RecurrenceTrigger",
    "workspace_resource": "Workspace",
}
_HOMES: Final = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """A public entity, its module opened now: the supervisor and the runner must not pay for pydantic."""
    if name not in _HOMES:
        message = f"module 'jupyter_aml.entities' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(import_module(f"jupyter_aml.entities.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The public names, for tab completion."""
    return sorted(_HOMES)
