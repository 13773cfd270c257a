"""SDK v1's CondaDependencies: a conda file to be written by hand or by calls. Nothing is installed here."""

import copy
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import yaml

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.arguments import meaningless

_HEADER: Final = """\
# Conda environment specification. The dependencies defined in this file will
# be automatically provisioned for runs with userManagedDependencies=False.
"""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
DEFAULTS: Final = "azureml-defaults"


class CondaDependencies:
    """The conda and pip packages of an environment. A file that is there, or Python and `azureml-defaults`.

    >>> made = CondaDependencies.create(conda_packages=["scikit-learn"], pip_packages=["joblib"])
    >>> list(made.conda_packages), "joblib" in list(made.pip_packages)
    (['scikit-learn'], True)
    """

    def __init__(
        self,
        conda_dependencies_file_path: str | os.PathLike[str] | None = None,
        _underlying_structure: Mapping[str, Any] | None = None,
    ) -> None:
        if conda_dependencies_file_path is not None:
            self._content = _read(Path(conda_dependencies_file_path))
        elif _underlying_structure is not None:
            self._content = copy.deepcopy(dict(_underlying_structure))
        else:
            self._content = _default()

    @classmethod
    def create(
        cls,
        pip_indexurl: str | None = None,
        pip_packages: Iterable[str] | None = None,
        conda_packages: Iterable[str] | None = None,
        python_version: str | None = None,
        pin_sdk_version: bool = True,
    ) -> "CondaDependencies":
        """The default with these packages; `pip_packages` stand in place of `azureml-defaults`.

        `pin_sdk_version` has no meaning here: the SDK's names are answered by this package, whatever their version.
        """
        meaningless("the SDK's own packages are not installed", pin_sdk_version=pin_sdk_version)
        made = cls()
        if pip_packages is not None:
            made._pip[:] = list(pip_packages)
        for package in conda_packages or ():
            made.add_conda_package(package)
        if python_version:
            made.set_python_version(python_version)
        if pip_indexurl:
            made.set_pip_option(f"--index-url {pip_indexurl}")
        return made

    # ── what is in it ──

    @property
    def conda_channels(self) -> Iterator[str]:
        """The channels."""
        return iter(list(self._content.get("channels") or []))

    @property
    def conda_packages(self) -> Iterator[str]:
        """The conda packages, but Python."""
        return iter([line for line in self._conda if _name(line) not in {"python", "pip"}])

    @property
    def pip_packages(self) -> Iterator[str]:
        """The pip packages."""
        return iter([line for line in self._pip if not line.startswith("-")])

    @property
    def pip_options(self) -> Iterator[str]:
        """What pip is told besides."""
        return iter([line for line in self._pip if line.startswith("-")])

    @property
    def python_version(self) -> str | None:
        """The version of Python that is asked for."""
        found = next((line for line in self._conda if _name(line) == "python"), "")
        return found.removeprefix("python").strip(" =") or None

    def get_python_version(self) -> str | None:
        """The version of Python that is asked for."""
        return self.python_version

    def as_dict(self) -> dict[str, Any]:
        """The conda file, as a dict."""
        return copy.deepcopy(self._content)

    def serialize_to_string(self) -> str:
        """The conda file, as text."""
        return f"{_HEADER}\n{yaml.safe_dump(self._content, sort_keys=False)}"

    # ── what changes it ──

    def set_python_version(self, version: str) -> None:
        """Ask for a version of Python."""
        self._dependencies[:] = [
            one for one in self._dependencies if not isinstance(one, str) or _name(one) != "python"
        ]
        self._dependencies.insert(0, f"python={version}")

    def add_channel(self, channel: str) -> None:
        """Add a channel, once."""
        channels = self._content.setdefault("channels", [])
        if channel not in channels:
            channels.append(channel)

    def remove_channel(self, channel: str) -> None:
        """Take a channel away."""
        self._content["channels"] = [one for one in self.conda_channels if one != channel]

    def add_conda_package(self, conda_package: str) -> None:
        """Add a conda package, in place of another version of it."""
        self.remove_conda_package(conda_package)
        place = next((i for i, one in enumerate(self._dependencies) if isinstance(one, dict)), len(self._dependencies))
        self._dependencies.insert(place, conda_package)

    def remove_conda_package(self, conda_package: str) -> None:
        """Take a conda package away, whatever its version."""
        gone = _name(conda_package)
        self._dependencies[:] = [one for one in self._dependencies if not isinstance(one, str) or _name(one) != gone]

    def add_pip_package(self, pip_package: str) -> None:
        """Add a pip package, in place of another version of it."""
        self.remove_pip_package(pip_package)
        self._pip.append(pip_package)

    def remove_pip_package(self, pip_package: str) -> None:
        """Take a pip package away, whatever its version."""
        gone = _name(pip_package)
        self._pip[:] = [line for line in self._pip if line.startswith("-") or _name(line) != gone]

    def set_pip_option(self, pip_option: str) -> None:
        """Tell pip something, in place of what it was told by that word."""
        word = pip_option.split(maxsplit=1)[0]
        self._pip[:] = [line for line in self._pip if line.split(maxsplit=1)[0] != word]
        self._pip.insert(0, pip_option)

    def set_pip_index_url(self, index_url: str) -> None:
        """Where pip looks."""
        self.set_pip_option(index_url if index_url.startswith("-") else f"--index-url {index_url}")

    def set_pip_requirements(self, pip_requirements: Iterable[str]) -> None:
        """These pip packages and no other ones."""
        self._pip[:] = list(pip_requirements)

    # ── where it lies ──

    def save(self, path: str | os.PathLike[str] | None = None) -> str:
        """Write it to a file; `conda_dependencies.yml` here without a path. The path."""
        target = Path(path or "conda_dependencies.yml")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.serialize_to_string(), encoding="utf-8")
        return str(target)

    def save_to_file(self, base_directory: str | os.PathLike[str], conda_file_path: str | None = None) -> str:
        """Write it below a folder; the path within that."""
        name = conda_file_path or "conda_dependencies.yml"
        self.save(Path(base_directory) / name)
        return name

    @property
    def _dependencies(self) -> list[Any]:
        return self._content.setdefault("dependencies", [])

    @property
    def _conda(self) -> list[str]:
        return [one for one in self._dependencies if isinstance(one, str)]

    @property
    def _pip(self) -> list[str]:
        for one in self._dependencies:
            if isinstance(one, dict) and "pip" in one:
                return cast("dict[str, list[str]]", one)["pip"]
        made: list[str] = []
        self._dependencies.append({"pip": made})
        return made

    def __repr__(self) -> str:
        """What is in it."""
        return f"CondaDependencies({self._content})"


def _default() -> dict[str, Any]:
    own = f"python={sys.version_info.major}.{sys.version_info.minor}"
    return {"name": "project_environment", "dependencies": [own, {"pip": [DEFAULTS]}], "channels": ["conda-forge"]}


def _read(path: Path) -> dict[str, Any]:
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserErrorException(f"No such file or directory: {path}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserErrorException(f"{path} is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise UserErrorException(f"{path} is no conda file: a mapping with 'dependencies' is expected.")
    return cast("dict[str, Any]", content)


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found.group().lower() if found else line
