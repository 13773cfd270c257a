"""Operations that Azure has and that are not built here, whole groups or calls. Each names its feature."""

from collections.abc import Callable
from typing import Final, NoReturn

from jupyter_aml.exceptions import NotAvailableError

ABSENT: Final = {
    "azure_openai_deployments": "Azure OpenAI deployments",
    "batch_deployments": "batch endpoints",
    "batch_endpoints": "batch endpoints",
    "capability_hosts": "capability hosts",
    "deployment_templates": "deployment templates",
    "evaluators": "evaluators",
    "feature_sets": "feature stores",
    "feature_store_entities": "feature stores",
    "feature_stores": "feature stores",
    "indexes": "indexes",
    "marketplace_subscriptions": "serverless endpoints",
    "online_deployments": "online endpoints",
    "online_endpoints": "online endpoints",
    "registries": "registries",
    "serverless_endpoints": "serverless endpoints",
    "workspace_outbound_rules": "network rules of workspaces",
}
"""Attribute of Azure's MLClient → the feature that it belongs to."""


class AbsentOperations:
    """A group whose every call raises NotAvailableError."""

    def __init__(self, group: str) -> None:
        self._group = group

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        """An operation of that name."""
        if name.startswith("_"):
            raise AttributeError(name)

        def refuse(*_: object, **__: object) -> NoReturn:
            raise NotAvailableError.of(f"ml_client.{self._group}.{name}", ABSENT[self._group])

        return refuse


class AbsentCall:
    """A call of a group that is built, which itself is not: `package = AbsentCall("models", "model packages")`."""

    def __init__(self, group: str, feature: str) -> None:
        self.feature = feature
        self._group = group
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __call__(self, *_: object, **__: object) -> NoReturn:
        raise NotAvailableError.of(f"ml_client.{self._group}.{self._name}", self.feature)
