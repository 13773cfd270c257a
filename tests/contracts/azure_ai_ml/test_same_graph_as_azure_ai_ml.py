"""Pipelines by our names and by azure-ai-ml's: the same steps, bindings, settings, inputs, outputs; the same words."""

import importlib.util
import io
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import jupyter_aml
from jupyter_aml import dsl, sweep
from jupyter_aml import entities as entity_names
from jupyter_aml.entities.json_schema import schema_of
from jupyter_aml.entities.node_job import job_of
from jupyter_aml.entities.pipeline_check import check_pipeline
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.step import Node
from jupyter_aml.entities.yaml import load_job
from jupyter_aml.exceptions import MlException

HERE = Path(__file__).parent
FOLDER = HERE / "pipelines"
pytestmark = pytest.mark.timeout(1800)  # the first test installs the real package


def module(path: Path) -> Any:
    """A file beside this one (tests are no package)."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


PYTHON = module(FOLDER / "python.py")
FAULTY = module(FOLDER / "refused.py")
TEXTS = module(FOLDER / "texts.py")
ROOTS = module(FOLDER / "roots.py")
OURS = {name: getattr(jupyter_aml, name) for name in jupyter_aml.__all__} | vars(sweep)
OURS |= {name: getattr(entity_names, name) for name in entity_names.__all__}
OURS |= {name: getattr(dsl, name) for name in dsl.__all__}


def cases() -> dict[tuple[str, str], dict[str, str]]:
    """Every text by its kind and name."""
    made: dict[tuple[str, str], dict[str, str]] = {}
    files = "".join(path.read_text() for path in sorted(FOLDER.glob("*.yml")))
    python = {**PYTHON.PYTHON, **ROOTS.PYTHON}
    for kind, texts in (("PYTHON", python), ("REFUSED", FAULTY.REFUSED), ("TOLD", FAULTY.TOLD)):
        for name, text in texts.items():
            made[f"python {kind}", name] = {"python": PYTHON.START + text}
    made["python OF_NO_USE", ""] = {"python": PYTHON.START + ROOTS.OF_NO_USE}
    for kind in ("YAML", "REFUSED"):
        for name, text in getattr(TEXTS, kind).items():
            made[f"yaml {kind}", name] = {"yaml": text}
    return {key: {**case, "folder": str(FOLDER), "files": files} for key, case in made.items()}


@cache
def real() -> dict[tuple[str, str], Any]:
    """What the real package makes of each text."""
    asked = cases()
    oracle = module(HERE.parents[1] / "oracles" / "azure_ai_ml.py")
    return dict(zip(asked, oracle.answers(HERE / "pipeline_driver.py", list(asked.values())), strict=True))


@pytest.fixture(autouse=True)
def beside_the_components() -> Iterator[None]:
    """Texts name files from their folder."""
    before = Path.cwd()
    os.chdir(FOLDER)
    yield
    os.chdir(before)


def ours(kind: str, name: str) -> PipelineJob:
    """What we make of a text."""
    case = cases()[kind, name]
    if "yaml" in case:
        job = load_job(io.StringIO(case["yaml"]), relative_origin=FOLDER)
    else:
        scope = dict(OURS)
        exec(case["python"], scope)  # noqa: S102 - the texts beside this file
        job = scope["job"]
    job = job_of(job) if isinstance(job, Node) else job
    assert isinstance(job, PipelineJob)
    return job


# ── two dumps as one graph ──


def graph(job: Mapping[str, Any]) -> dict[str, Any]:
    """What a pipeline is, whoever wrote it down: nothing that is a default, no name of ours or theirs."""
    outputs = {name: dict(given or {}) for name, given in (job.get("outputs") or {}).items()}
    steps = {name: step(node, outputs) for name, node in (job.get("jobs") or {}).items()}
    for node in steps.values():  # azure-ai-ml binds to a parameter that nobody gave, and which then is nothing
        given = {name: one for name, one in node.get("inputs", {}).items() if is_there(one, job)}
        node.update({"inputs": given} if given else {})
    made = {
        "jobs": steps, "outputs": outputs, "inputs": ports(job.get("inputs")),
        "settings": {name: bare(value) for name, value in (job.get("settings") or {}).items()},
        "compute": bare(job.get("compute")),
    }  # fmt: skip
    for name in ("display_name", "description", "experiment_name", "tags", "name", "component"):
        made[name] = job.get(name)
    return {name: value for name, value in made.items() if value not in (None, {}, "")}


def is_there(given: Any, job: Mapping[str, Any]) -> bool:
    bound = isinstance(given, str) and given.startswith("${{parent.inputs.")
    return not bound or end(given) in (job.get("inputs") or {})


def step(node: Mapping[str, Any], outputs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A step, how its outputs are written said once: by the pipeline's output, where it is one."""
    kept = {name: value for name, value in node.items() if name not in {"display_name", "description", "properties"}}
    kept["outputs"] = {name: made_by(given, outputs) for name, given in (node.get("outputs") or {}).items()}
    kept["inputs"] = defaults(node) | ports(node.get("inputs"))
    for name in ("component", "trial"):
        if name in kept:
            kept[name] = component(kept[name])
    kept["compute"] = bare(kept.get("compute"))
    kept["mapping"] = {end(name): [end(one) for one in listed(to)] for name, to in (node.get("mapping") or {}).items()}
    kept["condition"] = end(kept["condition"]) if node["type"] == "do_while" else kept.get("condition")
    if isinstance(kept.get("items"), str):
        kept["items"] = yaml.safe_load(kept["items"])
    stop = kept.get("early_termination")
    kept["early_termination"] = stop and {name: value for name, value in stop.items() if value not in (0, 1)}
    if kept.get("sampling_algorithm") and isinstance(kept["sampling_algorithm"], Mapping):
        kept["sampling_algorithm"] = kept["sampling_algorithm"]["type"]
    if node["type"] != "sweep":
        kept["resources"] = asked(node)
    inside = kept.get("component") or {}
    for name in ("environment", "distribution") if isinstance(inside, Mapping) else ():
        if kept.get(name) == inside.get(name):
            kept.pop(name, None)  # azure-ai-ml repeats some of what the component says
    return {name: value for name, value in kept.items() if value not in (None, {}, [], "")}


def defaults(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a step is given when it says nothing: azure-ai-ml says it at the step where a command has a literal."""
    inside = node.get("component") or node.get("trial")
    known = (inside.get("inputs") or {}) if isinstance(inside, Mapping) else {}
    space = node.get("search_space") or {}
    found = {
        name: one["default"] for name, one in known.items() if one.get("default") is not None and name not in space
    }
    return {
        name: yaml.safe_load(str(value).lower()) if known[name]["type"] != "string" else value
        for name, value in found.items()
    }


def asked(node: Mapping[str, Any]) -> Any:
    """What a step asks for: azure-ai-ml says it at the step or leaves it to the component."""
    inside = node.get("component")
    found = node.get("resources") or (inside.get("resources") if isinstance(inside, Mapping) else None)
    return None if found == {"instance_count": 1} else found


def made_by(given: Any, outputs: dict[str, dict[str, Any]]) -> Any:
    """An output of a step: the pipeline's by its binding, another one by what is said of it."""
    path = given.get("path") if isinstance(given, Mapping) else given
    if not isinstance(path, str) or not path.startswith("${{parent.outputs."):
        return {name: value for name, value in given.items() if name != "type"}
    if isinstance(given, Mapping):
        outputs[end(path)] |= {
            name: value
            for name, value in given.items()
            if name not in {"path", "type"} and name not in outputs[end(path)]
        }
    return path


def ports(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Inputs by their names: a binding as text, data by what it is and the end of its path."""
    return {name: port(value) for name, value in (given or {}).items() if value is not None}


def port(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if str(value.get("path", "")).startswith("${{"):
        return value["path"] if len(value) == 1 else {"path": value["path"], "mode": value.get("mode")}
    kept = {name: one for name, one in value.items() if one is not None}
    path = str(kept.get("path", ""))
    is_here = not path.startswith("azureml:") or path.startswith("azureml:.")
    return {**kept, "path": Path(path).name} if is_here else kept


def component(given: Any) -> Any:
    """What a step runs: its interface and what decides."""
    if isinstance(given, str):
        return given
    made = {name: given.get(name) for name in ("type", "command", "distribution", "is_deterministic")}
    made["is_deterministic"] = True if made["is_deterministic"] is None else made["is_deterministic"]
    made["code"] = Path(given["code"]).name if given.get("code") else None
    image = given.get("environment")
    made["environment"] = image.get("image") if isinstance(image, Mapping) else image
    made["inputs"] = {name: declared(one) for name, one in (given.get("inputs") or {}).items()}
    made["outputs"] = {name: one["type"] for name, one in (given.get("outputs") or {}).items()}
    if given.get("jobs"):
        made["jobs"] = {name: step(node, {}) for name, node in given["jobs"].items()}
        del made["is_deterministic"], made["inputs"]  # azure-ai-ml leaves out what has no type
    return {name: value for name, value in made.items() if value not in (None, {}, "")}


def declared(one: Mapping[str, Any]) -> tuple[str, bool]:
    return one["type"], bool(one.get("optional"))


def bare(value: Any) -> Any:
    return value.removeprefix("azureml:") if isinstance(value, str) else value


def end(value: Any) -> Any:
    """The last name of a binding."""
    return value.rstrip("}").rpartition(".")[2] if isinstance(value, str) else value


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# ── the claims ──


@pytest.mark.parametrize(("kind", "name"), [key for key in cases() if key[0] in {"python PYTHON", "yaml YAML"}])
def test_the_same_text_makes_the_same_graph(kind: str, name: str) -> None:
    theirs = real()[kind, name]
    assert "error" not in theirs, theirs
    job = ours(kind, name)
    assert graph(job.spec()) == graph(theirs["fields"])
    assert graph(yaml.safe_load(str(job))) == graph(theirs["fields"])


@pytest.mark.parametrize(("kind", "name"), [key for key in cases() if key[0] in {"python PYTHON", "yaml YAML"}])
def test_what_we_print_is_read_as_the_same_pipeline(kind: str, name: str) -> None:
    job = ours(kind, name)
    again = load_job(io.StringIO(str(job)), relative_origin=FOLDER)
    assert graph(again.spec()) == graph(job.spec())
    assert job.model_copy(deep=True).spec() == job.spec()


@pytest.mark.parametrize("name", FAULTY.REFUSED)
def test_what_azure_refuses_we_refuse_in_its_words(name: str) -> None:
    theirs = real()["python REFUSED", name]
    assert "error" in theirs, theirs
    with pytest.raises(MlException) as caught:
        ours("python REFUSED", name)
    assert theirs["text"].split(", got")[0] in caught.value.message or caught.value.message in theirs["text"]


@pytest.mark.parametrize("name", TEXTS.REFUSED)
def test_yaml_that_azure_refuses_we_refuse(name: str) -> None:
    assert "error" in real()["yaml REFUSED", name]
    with pytest.raises(MlException):
        ours("yaml REFUSED", name)


def test_a_commands_component_in_a_pipelines_place_is_refused_where_it_is_given() -> None:
    assert real()["python OF_NO_USE", ""]["error"] == "AttributeError"
    with pytest.raises(MlException, match=r"component: a pipeline component is expected \(found command\)"):
        ours("python OF_NO_USE", "")


@pytest.mark.parametrize("name", FAULTY.TOLD)
def test_what_validation_tells_is_told_at_the_same_paths_in_the_same_words(name: str) -> None:
    theirs = {path.replace("limit.", "limits."): text for path, text in real()["python TOLD", name]["problems"].items()}
    assert theirs
    assert dict(check_pipeline(ours("python TOLD", name))) == theirs


def test_forty_pipelines_are_compared() -> None:
    assert len(PYTHON.PYTHON) + len(TEXTS.YAML) >= 40


@pytest.mark.parametrize("name", TEXTS.YAML)
def test_an_editor_takes_every_pipeline(name: str) -> None:
    schema = Draft202012Validator(schema_of("job"))
    written = [yaml.safe_load(TEXTS.YAML[name]), yaml.safe_load(str(ours("yaml YAML", name)))]
    assert [[error.message for error in schema.iter_errors(one)] for one in written] == [[], []]


@pytest.mark.parametrize("where", ["", "settings", "jobs.a", "jobs.a.limits", "jobs.s", "jobs.s.objective"])
def test_an_editor_marks_an_unknown_key(where: str) -> None:
    written = yaml.safe_load(TEXTS.YAML["a sweep"])
    written["settings"], written["jobs"]["a"]["limits"] = {"force_rerun": True}, {"timeout": 5}
    schema = Draft202012Validator(schema_of("job"))
    assert schema.is_valid(written)
    holder = written
    for part in where.split(".") if where else []:
        holder = holder[part]
    holder["surplus"] = 1
    assert not schema.is_valid(written)
