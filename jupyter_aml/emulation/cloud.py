"""What of Azure's names does not exist here: module → feature → names. Data; each name is a placeholder in its module.

A name leaves this table when it is built: a test holds it against the real packages.
"""

from typing import Final

_ENDPOINTS: Final = "endpoint deployments"
_SERVICES: Final = "steps of other services"
_DATABASES: Final = "datastores over databases and clusters"

ABSENT: Final[dict[str, dict[str, str]]] = {
    "azure.ai.ml": {
        "Ray jobs": "RayDistribution",
        "Spark jobs": "spark",
        "online endpoints": "load_online_deployment load_online_endpoint",
        "batch endpoints": "load_batch_deployment load_batch_endpoint",
        "serverless endpoints": "load_marketplace_subscription load_serverless_endpoint",
        "feature stores": "load_feature_set load_feature_store load_feature_store_entity",
        "model packages": "load_model_package",
        "registries": "load_registry",
        "indexes": "load_index",
        "capability hosts": "load_capability_host",
        "deployment templates": "load_deployment_template",
    },
    "azure.ai.ml.entities": {
        "online endpoints": "KubernetesOnlineDeployment KubernetesOnlineEndpoint ManagedOnlineDeployment "
        "ManagedOnlineEndpoint OnlineDeployment OnlineEndpoint OnlineRequestSettings OnlineScaleSettings "
        "ProbeSettings DefaultScaleSettings TargetUtilizationScaleSettings ResourceRequirementsSettings "
        "ResourceSettings DataCollector DeploymentCollection RequestLogging DataAsset Route EndpointAuthKeys "
        "EndpointAuthToken EndpointAadToken",
        "batch endpoints": "BatchDeployment BatchEndpoint BatchJob BatchRetrySettings ModelBatchDeployment "
        "ModelBatchDeploymentSettings PipelineComponentBatchDeployment",
        _ENDPOINTS: "CodeConfiguration Deployment Endpoint EndpointConnection",
        "serverless endpoints": "MarketplacePlan MarketplaceSubscription ServerlessEndpoint AzureOpenAIDeployment",
        "model packages": "AzureMLBatchInferencingServer AzureMLOnlineInferencingServer BaseEnvironment "
        "CustomInferencingServer ModelConfiguration ModelPackage ModelPackageInput PackageInputPathId "
        "PackageInputPathUrl PackageInputPathVersion TritonInferencingServer WorkspaceModelReference",
        "model monitors": "AlertNotification BaselineDataRange CategoricalDriftMetrics "
        "CustomMonitoringMetricThreshold CustomMonitoringSignal DataDriftMetricThreshold DataDriftSignal "
        "DataQualityMetricThreshold DataQualityMetricsCategorical DataQualityMetricsNumerical DataQualitySignal "
        "DataSegment FADProductionData FeatureAttributionDriftMetricThreshold FeatureAttributionDriftSignal "
        "FixedInputData GenerationSafetyQualityMonitoringMetricThreshold GenerationSafetyQualitySignal "
        "GenerationTokenStatisticsMonitorMetricThreshold GenerationTokenStatisticsSignal LlmData "
        "ModelPerformanceClassificationThresholds ModelPerformanceMetricThreshold "
        "ModelPerformanceRegressionThresholds ModelPerformanceSignal MonitorDefinition MonitorFeatureFilter "
        "MonitorInputData MonitorSchedule MonitoringTarget NumericalDriftMetrics PredictionDriftMetricThreshold "
        "PredictionDriftSignal ProductionData ReferenceData StaticInputData TrailingInputData",
        "feature stores": "ComputeRuntime DataAvailabilityStatus DataColumn DataColumnType Feature FeatureSet "
        "FeatureSetBackfillMetadata FeatureSetBackfillRequest FeatureSetMaterializationMetadata "
        "FeatureSetSpecification FeatureStore FeatureStoreEntity FeatureStoreSettings FeatureWindow "
        "MaterializationComputeResource MaterializationSettings MaterializationStore MaterializationType Notification",
        "Spark jobs": "ServerlessSparkCompute Spark SparkComponent SparkJob SparkJobEntry SparkJobEntryType "
        "SparkResourceConfiguration",
        "data imports": "DataImport ImportDataSchedule",
        "registries": "ContainerRegistryCredential Registry RegistryRegionDetails SystemCreatedAcrAccount "
        "SystemCreatedStorageAccount IntellectualProperty",
        "hubs and projects": "CapabilityHost CapabilityHostKind Hub Project",
        "indexes": "AzureAISearchConfig GitSource Index IndexDataSource IndexModelConfiguration LocalSource",
        "deployment templates": "AcceleratorMap DeploymentTemplate DeploymentTemplateReference",
        "fine-tuning jobs": "CustomModelFineTuningJob",
        "services inside of jobs": "JupyterLabJobService ServiceInstance SshJobService "
        "TensorBoardJobService VsCodeJobService",
        "network rules and diagnoses of workspaces": "DefaultActionType DiagnoseRequestProperties "
        "DiagnoseResponseResult DiagnoseResponseResultValue DiagnoseResult DiagnoseWorkspaceParameters "
        "NotebookAccessKeys OutboundRule PrivateEndpoint WorkspaceKeys",
        "the SDK's inner classes": "Asset ComputeConfiguration ComputePowerAction CreatedByType InputPort "
        "JobResourceConfiguration JobResources OneLakeConnectionArtifact Resource Schedule ScheduleState UsageUnit",
    },
    "azure.ai.ml.constants": {
        "AutoML jobs": "ImageClassificationModelNames ImageInstanceSegmentationModelNames "
        "ImageObjectDetectionModelNames NlpLearningRateScheduler NlpModels TabularTrainingMode",
        "batch endpoints": "BatchDeploymentOutputAction",
        "data imports": "ImportSourceType",
        "distillation jobs": "DataGenerationTaskType DataGenerationType",
        "model monitors": "MonitorDatasetContext MonitorFeatureType MonitorMetricName MonitorModelType "
        "MonitorSignalType MonitorTargetTasks",
        "registries": "AcrAccountSku IPProtectionLevel StorageAccountType",
        "the SDK's inner classes": "JobType ParallelTaskType LROConfigurations ComputeType",
    },
    "azure.ai.ml.automl": {
        "AutoML jobs": "BlockedTransformers ClassificationJob ClassificationModels "
        "ClassificationMultilabelPrimaryMetrics ClassificationPrimaryMetrics ColumnTransformer FeaturizationMode "
        "ForecastHorizonMode ForecastingJob ForecastingModels ForecastingPrimaryMetrics ForecastingSettings "
        "ImageClassificationJob ImageClassificationMultilabelJob ImageClassificationSearchSpace "
        "ImageInstanceSegmentationJob ImageLimitSettings ImageModelSettingsClassification "
        "ImageModelSettingsObjectDetection ImageObjectDetectionJob ImageObjectDetectionSearchSpace "
        "ImageSweepSettings InstanceSegmentationPrimaryMetrics LearningRateScheduler LogTrainingMetrics "
        "LogValidationLoss NCrossValidationsMode NlpFeaturizationSettings NlpFixedParameters NlpLimitSettings "
        "NlpSearchSpace NlpSweepSettings ObjectDetectionPrimaryMetrics RegressionJob RegressionModels "
        "RegressionPrimaryMetrics SamplingAlgorithmType SearchSpace ShortSeriesHandlingConfiguration "
        "StackEnsembleSettings StochasticOptimizer TabularFeaturizationSettings TabularLimitSettings "
        "TargetAggregationFunction TargetLagsMode TargetRollingWindowSizeMode TextClassificationJob "
        "TextClassificationMultilabelJob TextNerJob TrainingSettings UseStl ValidationMetricType classification "
        "forecasting image_classification image_classification_multilabel image_instance_segmentation "
        "image_object_detection regression text_classification text_classification_multilabel text_ner",
    },
    "azure.ai.ml.finetuning": {"fine-tuning jobs": "FineTuningTaskType create_finetuning_job"},
    "azure.ai.ml.model_customization": {
        "distillation jobs": "EndpointRequestSettings PromptSettings TeacherModelSettings distillation"
    },
    "azure.ai.ml.data_transfer": {
        "data transfer jobs": "DataTransferCopy DataTransferCopyComponent DataTransferExport "
        "DataTransferExportComponent DataTransferImport DataTransferImportComponent Database FileSystem copy_data "
        "export_data import_data"
    },
    "azure.ai.ml.operations": {
        "online endpoints": "OnlineDeploymentOperations OnlineEndpointOperations",
        "batch endpoints": "BatchDeploymentOperations BatchEndpointOperations",
        "serverless endpoints": "AzureOpenAIDeploymentOperations MarketplaceSubscriptionOperations "
        "ServerlessEndpointOperations",
        "feature stores": "FeatureSetOperations FeatureStoreEntityOperations FeatureStoreOperations",
        "registries": "RegistryOperations",
        "indexes": "IndexOperations",
        "capability hosts": "CapabilityHostsOperations",
        "deployment templates": "DeploymentTemplateOperations",
        "evaluators": "EvaluatorOperations",
        "network rules and diagnoses of workspaces": "WorkspaceOutboundRuleOperations",
    },
    "azureml.core": {"web services": "Image Webservice"},
    "azureml.core.model": {"web services": "InferenceConfig"},
    "azureml.pipeline.steps": {
        _SERVICES: "AdlaStep AzureBatchStep CommandStep DatabricksStep DataTransferStep "
        "KustoStep ModuleStep MpiStep RScriptStep SynapseSparkStep",
        "AutoML jobs": "AutoMLStep AutoMLStepRun",
        "estimators": "EstimatorStep",
    },
    "azureml.pipeline.core": {
        "outputs of training steps": "TrainingOutput",
        "ports and drafts of SDK v1's pipelines": "InputPortBinding OutputPortBinding PipelineDataset PipelineDraft",
        "modules of SDK v1's pipelines": "Module ModuleVersion ModuleVersionDescriptor",
    },
    "azureml.data": {
        "outputs of other services": "DatacacheStore HDFSOutputDatasetConfig LinkFileOutputDatasetConfig "
        "LinkTabularOutputDatasetConfig",
    },
    "azureml.train.hyperdrive": {"estimators": "HyperDriveRunConfig"},
    "azureml.core.compute": {
        "attached computes of SDK v1": "AdlaCompute AksCompute BatchCompute DataFactoryCompute DatabricksCompute "
        "DsvmCompute HDInsightCompute KubernetesCompute RemoteCompute SynapseCompute",
    },
}

UNBUILT: Final = {
    "azureml._model_management": "web services",
    "azureml._restclient": "the REST clients of Azure's services",
    "azureml.automl": "AutoML jobs",
    "azureml.train.automl": "AutoML jobs",
    "azureml.train.dnn": "estimators",
    "azureml.train.estimator": "estimators",
    "azureml.train.sklearn": "estimators",
    "azureml.contrib.automl": "AutoML jobs",
    "azureml.contrib.fairness": "fairness dashboards",
    "azureml.contrib.services": "web services",
    "azureml.contrib.interpret": "explanations",
    "azureml.core.webservice": "web services",
    "azureml.core.image": "web services",
    "azureml.data.sql_data_reference": _DATABASES,
    "azureml.data.stored_procedure_parameter": _DATABASES,
    "azureml.pipeline.core.module": "modules of SDK v1's pipelines",
    "azureml.pipeline.steps.adla_step": _SERVICES,
    "azureml.pipeline.steps.automl_step": "AutoML jobs",
    "azureml.pipeline.steps.azurebatch_step": _SERVICES,
    "azureml.pipeline.steps.command_step": _SERVICES,
    "azureml.pipeline.steps.data_transfer_step": _SERVICES,
    "azureml.pipeline.steps.databricks_step": _SERVICES,
    "azureml.pipeline.steps.estimator_step": "estimators",
    "azureml.pipeline.steps.kusto_step": _SERVICES,
    "azureml.pipeline.steps.module_step": _SERVICES,
    "azureml.pipeline.steps.mpi_step": _SERVICES,
    "azureml.pipeline.steps.r_script_step": _SERVICES,
    "azureml.pipeline.steps.synapse_spark_step": _SERVICES,
    "azureml.interpret": "explanations",
    "azureml.explain": "explanations",
    "azureml.datadrift": "drift monitors",
    "azureml.featurestore": "feature stores",
    "azureml.rag": "retrieval pipelines",
    "azureml.metrics": "AutoML metrics",
    "azureml.evaluate": "model evaluators",
    "azureml.ai.monitoring": "model data collectors",
    "azureml.opendatasets": "open datasets",
    "azureml.studio": "the designer's own modules",
    "azureml.tensorboard": "TensorBoard exports",
    "azure.ai.mlmonitoring": "model data collectors",
}
"""Whole packages and modules that are not built: every name in them is a placeholder, unless they are installed."""
