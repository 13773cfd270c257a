"""Drafts made by hypothesis, kind by kind, always the same ones: the oracle's answers are kept. It makes no claim."""

from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jupyter_aml.entities.attached_compute import compute_of
from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.connection import connection_of
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.datastore import datastore_of
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.model import Model
from jupyter_aml.entities.sweep_job import SweepJob
from jupyter_aml.entities.workspace_resource import Workspace

Strategy = st.SearchStrategy[Any]
EXAMPLES = 30
GUID = "00000000-0000-0000-0000-000000000001"
ARM = f"/subscriptions/{GUID}/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/s"

text = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["C", "Z"]), min_size=1)
prose = st.sampled_from(
    ["plain", "é ü", "with: colon", "# no comment", "'quoted'", "two\nlines\n", "- x", "1", "null", "~"]
)
word = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{2,10}", fullmatch=True)
low = st.from_regex(r"[a-z][a-z0-9_]{2,10}", fullmatch=True)
version = st.sampled_from(["1", "2024.1", "1.0.0", "01", "a-b"])
tags = st.dictionaries(word, prose, max_size=3)
uri = st.sampled_from([
    "azureml://datastores/workspaceblobstore/paths/a/b", "https://example.org/x.csv", "/tmp/x",
    "wasbs://c@a.blob.core.windows.net/x", "abfss://f@a.dfs.core.windows.net/x y/",
])  # fmt: skip
number = st.integers(0, 100)


def fields(required: dict[str, Strategy], optional: dict[str, Strategy]) -> Strategy:
    """A mapping with all that is required and some of what is optional."""
    return st.fixed_dictionaries(required, optional={"description": prose, **optional})


def of(type_: str, required: dict[str, Strategy], optional: dict[str, Strategy] | None = None) -> Strategy:
    return fields({"type": st.just(type_), **required}, optional or {})


def of_kind(type_: str, **required: Strategy) -> Strategy:
    return st.fixed_dictionaries({"type": st.just(type_), **required})


key = fields({"account_key": text}, {}).map(lambda one: {"type": "account_key", "account_key": one["account_key"]})
sas = text.map(lambda one: {"type": "sas", "sas_token": one})
principal = st.fixed_dictionaries(
    {"tenant_id": word, "client_id": word, "client_secret": text}, optional={"resource_url": st.just("https://r")}
)
stored = {"tags": tags, "endpoint": word, "protocol": st.sampled_from(["https", "http", "wasbs"])}
port = st.fixed_dictionaries({"path": st.just("/p"), "port": number})
literal = st.one_of(
    st.fixed_dictionaries({"type": st.just("integer")}, optional={"default": number, "min": number, "max": number}),
    st.fixed_dictionaries({"type": st.just("number")}, optional={"default": st.floats(-9, 9), "description": prose}),
    st.fixed_dictionaries({"type": st.just("boolean")}, optional={"default": st.booleans()}),
    st.fixed_dictionaries({"type": st.just("string")}, optional={"default": prose, "enum": st.lists(word, min_size=1)}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["uri_file", "uri_folder", "mltable", "mlflow_model"])},
        optional={"optional": st.booleans(), "mode": st.sampled_from(["ro_mount", "download", "direct"])},
    ),
)
output = st.fixed_dictionaries(
    {"type": st.sampled_from(["uri_file", "uri_folder", "mltable"])},
    optional={"mode": st.sampled_from(["rw_mount", "upload"]), "description": prose},
)
trigger = st.one_of(
    st.fixed_dictionaries({"type": st.just("cron"), "expression": st.just("0 18 * * 1")}),
    st.fixed_dictionaries(
        {"type": st.just("recurrence"), "frequency": st.sampled_from(["day", "week"]), "interval": st.integers(1, 9)},
        optional={"time_zone": st.just("Romance Standard Time"), "start_time": st.just("2024-01-01T08:00:00")},
    ),
)
schedule = st.fixed_dictionaries({"action": st.sampled_from(["start", "stop"]), "trigger": trigger})
task = st.fixed_dictionaries(
    {"type": st.just("run_function"), "entry_script": word, "environment": st.just("azureml:e:1")}
)

inputs = st.dictionaries(low, literal, max_size=3)
outputs = st.dictionaries(low, output, max_size=3)
schedules = st.lists(schedule, min_size=1, max_size=2).map(lambda some: {"compute_start_stop": some})
conda = st.lists(word, min_size=1).map(lambda packages: {"dependencies": packages})
routes = st.fixed_dictionaries({"liveness_route": port, "readiness_route": port, "scoring_route": port})
built = st.fixed_dictionaries({"path": st.just("/tmp")}, optional={"dockerfile_path": word})
network = st.fixed_dictionaries(
    {"isolation_mode": st.sampled_from(["disabled", "allow_internet_outbound"])},
    optional={"outbound_rules": st.just([{"name": "r", "type": "fqdn", "destination": "a.org"}])},
)
account = {"name": low, "account_name": word}
pat = text.map(lambda one: {"type": "pat", "pat": one})
resources = st.fixed_dictionaries({"instance_count": st.integers(2, 9)}, optional={"shm_size": word})

data = fields(
    {"name": word, "path": uri, "type": st.sampled_from(["uri_file", "uri_folder", "mltable"])},
    {"version": version, "tags": tags},
)
model = fields(
    {"name": word, "path": uri, "type": st.sampled_from(["custom_model", "mlflow_model", "triton_model"])},
    {"version": version, "tags": tags, "properties": tags, "stage": word, "flavors": st.just({"a": {"b": "c"}})},
)
environment = st.one_of(
    fields(
        {"name": word, "image": word},
        {
            "version": version,
            "tags": tags,
            "os_type": st.sampled_from(["Linux", "Windows"]),
            "conda_file": conda,
            "inference_config": routes,
        },
    ),
    fields({"name": word, "build": built}, {}),
)
datastore = st.one_of(
    of("azure_blob", {**account, "container_name": word, "credentials": key | sas}, stored),
    of("azure_file", {**account, "file_share_name": word}, stored),
    of("azure_data_lake_gen2", {**account, "filesystem": word, "credentials": principal}, stored),
    of("azure_data_lake_gen1", {"name": low, "store_name": word, "credentials": principal}),
)
compute = st.one_of(
    of(
        "amlcompute",
        {"name": low},
        {
            "size": word,
            "min_instances": number,
            "max_instances": number,
            "tags": tags,
            "location": word,
            "idle_time_before_scale_down": number,
            "enable_node_public_ip": st.booleans(),
            "tier": st.sampled_from(["dedicated", "low_priority"]),
            "ssh_public_access_enabled": st.booleans(),
            "ssh_settings": st.fixed_dictionaries({"admin_username": word, "admin_password": text}),
            "identity": st.just({"type": "system_assigned"}),
        },
    ),
    of(
        "computeinstance",
        {"name": low},
        {
            "size": word,
            "enable_sso": st.booleans(),
            "idle_time_before_shutdown_minutes": number,
            "schedules": schedules,
            "create_on_behalf_of": st.fixed_dictionaries({"user_tenant_id": word, "user_object_id": word}),
        },
    ),
    of("kubernetes", {"name": low, "resource_id": st.just(ARM)}, {"namespace": low}),
    of("virtualmachine", {"name": low, "resource_id": st.just(ARM)}, {"tags": tags}),
)
component = st.one_of(
    of(
        "command",
        {"name": low, "command": prose, "environment": st.just("azureml:e:1")},
        {
            "version": version,
            "tags": tags,
            "display_name": prose,
            "is_deterministic": st.booleans(),
            "inputs": inputs,
            "outputs": outputs,
            "resources": resources,
            "distribution": st.just({"type": "pytorch", "process_count_per_instance": 2}),
        },
    ),
    of(
        "parallel",
        {"name": low, "task": task, "inputs": st.just({"a": {"type": "uri_folder"}})},
        {
            "input_data": st.just("${{inputs.a}}"),
            "mini_batch_size": number.map(str),
            "error_threshold": number,
            "logging_level": st.sampled_from(["DEBUG", "INFO", "WARNING"]),
            "outputs": outputs,
        },
    ),
)
bound = st.integers(-9, 9) | st.floats(-9, 9, width=16)
low_and_high = {"min_value": bound, "max_value": bound}
bell = {"mu": bound, "sigma": st.integers(0, 9)}
plain = st.integers(-9, 9) | st.floats(-9, 9, width=16) | word
simple = st.one_of(
    of_kind("randint", upper=st.integers(1, 99)),
    *(of_kind(kind, **low_and_high) for kind in ("uniform", "loguniform")),
    *(of_kind(kind, **low_and_high, q=number) for kind in ("quniform", "qloguniform")),
    *(of_kind(kind, **bell) for kind in ("normal", "lognormal")),
    *(of_kind(kind, **bell, q=number) for kind in ("qnormal", "qlognormal")),
)
nested = st.dictionaries(low, simple | plain, min_size=1, max_size=2)
choice = of_kind("choice", values=st.lists(plain | nested, min_size=1, max_size=4))
interval = {"evaluation_interval": number, "delay_evaluation": number}
policy = st.one_of(
    st.fixed_dictionaries({"type": st.just("bandit")}, optional={"slack_factor": st.floats(0, 1), **interval}),
    st.fixed_dictionaries({"type": st.just("median_stopping")}, optional=interval),
    st.fixed_dictionaries(
        {"type": st.just("truncation_selection"), "truncation_percentage": st.integers(1, 99)}, optional=interval
    ),
)
seeded = st.fixed_dictionaries(
    {"type": st.just("random")},
    optional={"seed": number, "rule": st.sampled_from(["random", "sobol"]), "logbase": st.just("e") | number},
)
trial = st.fixed_dictionaries(
    {"command": prose, "environment": st.just("azureml:e:1")},
    optional={
        "environment_variables": tags,
        "distribution": st.just({"type": "mpi", "process_count_per_instance": 2}),
        "resources": resources,
    },
)
given_inputs = st.dictionaries(
    low,
    word | number | st.fixed_dictionaries({"type": st.sampled_from(["uri_file", "mltable"]), "path": uri}),
    max_size=3,
)
limits = st.fixed_dictionaries(
    {"max_total_trials": number},
    optional={"max_concurrent_trials": number, "timeout": st.integers(0, 200), "trial_timeout": st.integers(0, 200)},
)
sweep = of(
    "sweep",
    {
        "trial": trial,
        "limits": limits,
        "objective": st.fixed_dictionaries({"goal": st.sampled_from(["minimize", "maximize"]), "primary_metric": word}),
        "search_space": st.dictionaries(low, choice | simple, min_size=1, max_size=3),
        "sampling_algorithm": st.sampled_from(["random", "grid", "bayesian"]) | seeded,
    },
    {
        "name": low,
        "display_name": word,
        "experiment_name": word,
        "compute": st.just("azureml:c"),
        "tags": tags,
        "properties": tags,
        "early_termination": policy,
        "inputs": given_inputs,
        "outputs": st.dictionaries(low, st.just({"type": "uri_file", "mode": "upload"}), max_size=2),
        "queue_settings": st.just({"job_tier": "standard"}),
        "resources": resources,
        "identity": st.just({"type": "aml_token"}),
    },
)
workspace = fields(
    {"name": word},
    {
        "location": word,
        "display_name": prose,
        "tags": tags,
        "hbi_workspace": st.booleans(),
        "key_vault": st.just(ARM),
        "public_network_access": st.sampled_from(["Enabled", "Disabled"]),
        "image_build_compute": low,
        "managed_network": network,
    },
)
connection = st.one_of(
    of("git", {"name": word, "target": uri, "credentials": pat}),
    of("s3", {"name": word, "target": word}, {"metadata": tags, "is_shared": st.booleans()}),
    of("azure_open_ai", {"name": word, "azure_endpoint": uri}, {"api_key": text, "api_version": word}),
    of("serverless", {"name": word, "endpoint": uri, "api_key": text}),
    of("azure_blob", {"name": word, "url": uri, "account_name": word, "container_name": word, "credentials": sas}),
)

KINDS: dict[str, tuple[Any, Strategy]] = {
    "data": (Data.of, data),
    "model": (Model.of, model),
    "environment": (Environment.of, environment),
    "datastore": (datastore_of, datastore),
    "compute": (compute_of, compute),
    "component": (component_of, component),
    "job": (SweepJob.of, sweep),
    "workspace": (Workspace.of, workspace),
    "connection": (connection_of, connection),
}


@cache
def drafts(kind: str) -> tuple[Draft, ...]:
    """The drafts of a kind."""
    make, strategy = KINDS[kind]
    found: list[Draft] = []

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(strategy)
    def collect(one: dict[str, Any]) -> None:
        found.append(make({name: value for name, value in one.items() if name != "description" or value}))

    collect()
    return tuple(found)
