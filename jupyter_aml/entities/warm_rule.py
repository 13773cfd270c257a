"""Which jobs a warm worker may run: the rule, and the reason when not. Text and names only; nothing is imported or run.

A warm worker holds slow imports and forks per job. It must never change a result, so whatever could make a difference
(a library that starts threads or a GPU at import, a setting read at import, code that hides a library) goes cold.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from jupyter_aml.entities.command_line import PYTHON, plain_words
from jupyter_aml.entities.launch import WarmPlan
from jupyter_aml.entities.switches import is_on

SWITCH: Final = "JUPYTER_AML_WARM"
"""Set to off (0) in a job's environment variables, it sends that job cold."""

PRELOADABLE: Final = frozenset(
    {
        "joblib",  # imports only; its workers start on first use
        "matplotlib",  # chooses no backend before a figure is made
        "mlflow",  # 1.9 s byte-compiled; opens its store on first use
        "numpy",  # its BLAS threads are stopped and made again around a fork by OpenBLAS itself
        "pandas",
        "pyarrow",  # its pools are made again after a fork since version 12
        "scipy",
        "sklearn",  # hangs only if an OpenMP region ran before the fork; imports run none
        "threadpoolctl",
    }
)
"""Libraries that take long to import, and do nothing at import that a fork could break."""

_UNFORKABLE: Final = {
    name: f"it imports {name}, which starts threads or devices that do not survive a fork"
    for name in ("torch", "tensorflow", "jax", "cupy", "cuda", "numba", "pycuda", "mpi4py", "horovod", "ray", "dask",
                 "distributed", "lightning", "pytorch_lightning", "transformers", "keras", "polars", "grpc")
}  # fmt: skip
_READ_AT_IMPORT: Final = re.compile(
    r"(?:PYTHON|LD_|DYLD_|OMP_|GOMP_|KMP_|OPENBLAS|GOTO_|MKL_|BLIS_|VECLIB_|NUMEXPR_|NPY_|NUMPY_|SCIPY_|SKLEARN_"
    r"|PANDAS_|MPL|JOBLIB_|LOKY_|ARROW_|CUDA|NVIDIA_|ROCR_|HIP_|MLFLOW_|GIT_|TQDM_|OTEL_|PYDANTIC_|SQLALCHEMY_"
    r"|MALLOC_|GLIBC_|JEMALLOC_|XDG_|LC_|DATABRICKS_|AZUREML_|AZ_BATCH|BASH_|DASK_"
    r"|(?:LANG|LANGUAGE|TZ|HOME|PATH|TMPDIR|TEMP|TMP|ENV|IFS|NO_COLOR|FORCE_COLOR)$)"
)
_IMPORT: Final = re.compile(
    r"(?:^|[;:])[ \t]*(?:import[ \t]+([^\n#;]+)|from[ \t]+([\w.]+)[ \t]+import[ \t]+([^\n#;]+))", re.MULTILINE
)
_LIBRARY_FILES: Final = frozenset({"matplotlibrc", "sitecustomize.py", "usercustomize.py"})
_PLACEHOLDER: Final = re.compile(r"\$\{\{[^}]*\}\}|\$\[\[|\]\]")
_MOST_FILES: Final = 500


@dataclass(frozen=True, slots=True)
class PythonCall:
    """`python [-u] X.py …` or `python [-u] -m M …`. `target` is X.py or M."""

    words: tuple[str, ...]
    target: str
    is_module: bool
    arguments: tuple[str, ...]

    @property
    def program(self) -> str:
        return self.words[0]


def python_call(command: str) -> PythonCall | str:
    """The Python program that a command is, or in plain words why it is something else."""
    words = plain_words(command)
    if words is None:
        return "its command needs a shell"
    if words[0] not in PYTHON:
        return f"its command starts '{words[0]}', not 'python'"
    rest = words[2:] if words[1:2] == ("-u",) else words[1:]
    if len(rest) > 1 and rest[0] == "-m":
        return PythonCall(words, rest[1], is_module=True, arguments=rest[2:])
    if rest and rest[0].endswith(".py") and not rest[0].startswith("-"):
        return PythonCall(words, rest[0], is_module=False, arguments=rest[1:])
    return "its command is neither 'python X.py …' nor 'python -m M …'"


def plan(
    command: str,
    files: Collection[str],
    read: Callable[[str], str | None],
    environment_variables: Mapping[str, str],
    distribution_type: str = "none",
) -> WarmPlan:
    """Whether a warm worker may run this job, and which modules it should hold then.

    `files` are the snapshot's paths with '/'; `read` gives a file's text. Placeholders in `command` may be open.
    """
    if reason := _settings_reason(environment_variables, distribution_type):
        return WarmPlan(cold_because=reason)
    call = python_call(_PLACEHOLDER.sub("x", command))
    if isinstance(call, str):
        return WarmPlan(cold_because=call)
    reason = _target_reason(call, files) or _shadow_reason(files)
    return WarmPlan(cold_because=reason) if reason else _import_plan(files, read)


def _settings_reason(environment_variables: Mapping[str, str], distribution_type: str) -> str:
    if not is_on(SWITCH, environment_variables, unset=True):
        return f"the job asks for it ({SWITCH}={environment_variables[SWITCH]})"
    if distribution_type != "none":
        return f"it is distributed ({distribution_type})"
    early = [name for name in environment_variables if _READ_AT_IMPORT.match(name)]
    return f"its environment variable {early[0]} may be read while a library is imported" if early else ""


def _target_reason(call: PythonCall, files: Collection[str]) -> str:
    if call.is_module:
        path = call.target.replace(".", "/")
        inside = {f"{path}.py", f"{path}/__main__.py"} & set(files)
        return "" if inside else f"its module '{call.target}' is not part of its code"
    script = str(PurePosixPath(call.target))
    return "" if script in files else f"its script '{call.target}' is not part of its code"


def _shadow_reason(files: Collection[str]) -> str:
    for file in files:
        if file.rpartition("/")[2] in _LIBRARY_FILES:
            return f"its code holds '{file}', which changes how libraries load"
        if _module_of(file) in PRELOADABLE:
            return f"its file '{file}' hides the library '{_module_of(file)}'"
    return ""


def _module_of(file: str) -> str:
    """The module that a file is where its folder is on the path: X.py, X.so or X/__init__.py."""
    folder, _, name = file.rpartition("/")
    if name == "__init__.py":
        return folder.rpartition("/")[2]
    return name.partition(".")[0] if name.endswith((".py", ".pyc", ".so", ".pyd")) else ""


def _import_plan(files: Collection[str], read: Callable[[str], str | None]) -> WarmPlan:
    sources = [file for file in files if file.endswith(".py")]
    if len(sources) > _MOST_FILES:
        return WarmPlan(cold_because=f"its code has {len(sources)} Python files, more than are looked through")
    modules = {module for file in sources for module in imports_of(read(file) or "")}
    for module in sorted(modules):
        if reason := _UNFORKABLE.get(module.partition(".")[0]):
            return WarmPlan(cold_because=reason)
    wanted = tuple(sorted(module for module in modules if module.partition(".")[0] in PRELOADABLE))
    return WarmPlan(wanted) if wanted else WarmPlan(cold_because="it imports nothing that takes long")


def imports_of(source: str) -> frozenset[str]:
    """Every module that a source text may import, submodules named after `from` too; some may not exist."""
    found: set[str] = set()
    for names, package, members in _IMPORT.findall(source):
        if names:
            found.update(_names(names))
        else:
            found.add(package)
            found.update(f"{package}.{name}" for name in _names(members) if name.islower())
    return frozenset(found)


def _names(text: str) -> list[str]:
    words = (part.strip(" \t()\\").partition(" ")[0] for part in text.split(","))
    return [word for word in words if re.fullmatch(r"\w+(\.\w+)*", word)]
