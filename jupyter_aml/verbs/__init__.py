"""What may be typed, once for the terminal and the notebook: nouns, verbs, options. Nothing is parsed or shown here.

One file per noun. A verb is a function of the client and of what was typed; `aml NOUN VERB` and `%aml_NOUN VERB` are
both made from the same row, so that they leave the same rows.
"""

from typing import Final

NOUNS: Final = (
    "account", "component", "compute", "configure", "connection", "data", "datastore", "environment", "extension",
    "group", "job", "kernel", "model", "notebook", "role", "schedule", "secret", "supervisor", "workspace",
)  # fmt: skip
"""What follows `aml`. Each has its file here, imported when it is asked for."""
ABSENT: Final = {
    "batch-deployment": "batch endpoints",
    "batch-endpoint": "batch endpoints",
    "capability-host": "capability hosts",
    "deployment-template": "deployment templates",
    "endpoint": "endpoints",
    "feature-set": "feature stores",
    "feature-store": "feature stores",
    "feature-store-entity": "feature stores",
    "index": "indexes",
    "marketplace-subscription": "serverless endpoints",
    "online-deployment": "online endpoints",
    "online-endpoint": "online endpoints",
    "registry": "registries",
    "serverless-endpoint": "serverless endpoints",
}
"""What follows `az ml` in Azure and is not built → the feature that it belongs to."""
MAGICS: Final = (
    "component", "compute", "connection", "data", "datastore", "environment", "model", "role", "schedule", "secret",
)  # fmt: skip
"""What follows `%aml_`, besides the magics that have rooms of their own (`magics/`: a notebook's submits it)."""
