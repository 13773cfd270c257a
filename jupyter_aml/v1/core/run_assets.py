"""What SDK v1 makes of a run: a registered model, an environment, a secret. Translates; decides nothing."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from jupyter_aml.exceptions import AssetPathException
from jupyter_aml.operations import run_uploads
from jupyter_aml.v1.arguments import refuse
from jupyter_aml.v1.core.exceptions import ModelPathNotFoundException
from jupyter_aml.v1.core.run_base import RunBase

if TYPE_CHECKING:
    from jupyter_aml.v1.core.environment import Environment
    from jupyter_aml.v1.core.model import Model


class RunAssets(RunBase):
    """What a run leaves to others."""

    def register_model(  # noqa: PLR0917 - SDK v1's signature
        self,
        model_name: str,
        model_path: str | None = None,
        tags: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        description: str | None = None,
        datasets: object = None,
        sample_input_dataset: object = None,
        sample_output_dataset: object = None,
        resource_configuration: object = None,
    ) -> "Model":
        """Register a file or folder of the run's as a model; without a path the one that is called like the model.

        ModelPathNotFoundException when the run has none of that name; UnsupportedFieldError for datasets, samples and
        resources, which are not kept with a model.
        """
        refuse(
            "run.register_model", "Say it in properties={…}, which are kept with the model.", datasets=datasets,
            sample_input_dataset=sample_input_dataset, sample_output_dataset=sample_output_dataset,
            resource_configuration=resource_configuration,
        )  # fmt: skip
        model = import_module("jupyter_aml.v1.core.model")  # by its name: a model knows its run

        path = (model_path or model_name).removeprefix("./").rstrip("/")
        known = run_uploads.names(self._workspace, self._ran)
        if not any(name == path or name.startswith(f"{path}/") for name in known):
            raise ModelPathNotFoundException(
                f"Could not locate the provided model_path {path} in the set of files uploaded to the run: {known}",
                resolution="Write it to ./outputs in the job, or run.upload_file(name=…, path_or_stream=…) first.",
            )
        kept = model.Kept(model_name, tags, properties, model_framework, model_framework_version, description)
        place = f"azureml://jobs/{self._ran}/outputs/artifacts/paths/{path}"
        try:
            return model.registered(self.experiment.workspace, place, kept)
        except AssetPathException as error:
            raise ModelPathNotFoundException(error.message, resolution=error.resolution) from None

    def get_environment(self) -> "Environment":
        """The environment that it was submitted with."""
        from jupyter_aml.v1.core.environment import of_job

        return of_job(self._record)

    def get_secret(self, name: str) -> str | None:
        """A secret of the workspace; None when there is none of that name."""
        return self._client.secrets.get(name)

    def get_secrets(self, secrets: Sequence[str]) -> dict[str, str | None]:
        """Several of them."""
        return {name: self._client.secrets.get(name) for name in secrets}
