"""Pipeline jobs as Python that run a component: by its name, as an object, as a step alone. Texts only."""

PYTHON = {
    "a component by its name": """
job = PipelineJob(
    component="both:1", inputs={"raw": folder, "lr": 0.5}, outputs={"model": Output(type="mlflow_model")},
    settings=PipelineJobSettings(default_compute="cpu", force_rerun=True), compute="cpu", display_name="Shown",
)
""",
    "a component as an object": "job = PipelineJob(component=both, inputs={'raw': folder}, compute='cpu')",
    "a step of a component's name": """
job = Pipeline(
    component="azureml:both:1", inputs={"raw": folder, "lr": 0.5}, display_name="Shown", description="d",
    settings=PipelineJobSettings(default_compute="cpu"), tags={"a": "b"},
)
""",
}

OF_NO_USE = "job = PipelineJob(component=ask)"
"""A command's component where a pipeline's belongs: azure-ai-ml builds it, and can then neither show nor check it."""
