"""Whatever goes wrong with a notebook names its cell and line: when it becomes a script, and in the job."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.entities.cell_lines import CellLines
from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.script import convert
from tests.conftest import made_home
from tests.journeys.notebook.error_cases import ELSEWHERE, FAILING, REFUSED, Case

NAME = "errors.ipynb"
LIMIT = 300.0


@dataclass(frozen=True)
class Told:
    """What a failed job says, and where."""

    status: str
    error: str
    log: str


class Failures:
    """Jobs of the cases, all submitted before the first is waited for."""

    def __init__(self, ml_client: MLClient, root: Path) -> None:
        self.ml, self.root = ml_client, root
        self.scripts = {name: self._submit(self._script(case), "python errors.py") for name, case in FAILING.items()}
        self.notebooks = {
            name: self._submit(self._notebook(FAILING[name]), f"python -m jupyter_aml.notebook.execute {NAME}")
            for name in ELSEWHERE
        }

    def told(self, job: str) -> Told:
        ended = self.ml.jobs.wait(job, timeout=LIMIT)
        log = self.ml.workspace.folder.artifacts(job) / "user_logs" / "std_log.txt"
        return Told(str(ended.status), str(ended.error), log.read_text())

    def _submit(self, code: Path, line: str) -> str:
        draft = command(code=str(code), command=line, environment="AzureML-sklearn-1.5@latest")
        return str(self.ml.jobs.create_or_update(draft).name)

    def _folder(self) -> Path:
        folder = self.root / str(len(list(self.root.iterdir())))
        folder.mkdir()
        return folder

    def _script(self, case: Case) -> Path:
        folder = self._folder()
        script = convert(case.notebook, name=NAME, folder=folder)
        (folder / script.name).write_text(script.text)
        cells = CellLines.of(NAME, script.name, script.lines, script.sources, "main")
        (folder / cells.file).write_text(cells.to_json())
        return folder

    def _notebook(self, case: Case) -> Path:
        folder = self._folder()
        (folder / NAME).write_text(json.dumps(case.notebook))
        return folder


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failures]:
    root = tmp_path_factory.mktemp("failures")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for _ in made_home(root, monkeypatch):
            (root / "code").mkdir()
            yield Failures(MLClient.default(), root / "code")


def test_there_are_many_cases() -> None:
    assert len(FAILING) + len(REFUSED) >= 40


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_become_a_script_is_refused_by_cell_and_line(name: str, tmp_path: Path) -> None:
    case = REFUSED[name]
    with pytest.raises(CaptureError) as refused:
        convert(case.notebook, name=NAME, folder=tmp_path)
    first, *rest = str(refused.value).split("\n")
    assert first.startswith(f"{NAME}, cell {case.cell}, line {case.line}: ")
    assert case.error in first
    assert case.cells[case.cell - 1].split("\n")[case.line - 1].strip() in "\n".join(rest)


def claims(told: Told, case: Case) -> None:
    assert told.status == "Failed", told.log
    assert f"{NAME}, cell {case.cell}, line {case.line}: {case.error}" in told.error
    assert f"cell {case.cell}, line {case.line}" in told.log
    assert case.error in told.log


@pytest.mark.parametrize("name", FAILING)
def test_a_failed_script_names_its_notebooks_cell_and_line(name: str, failures: Failures) -> None:
    claims(failures.told(failures.scripts[name]), FAILING[name])


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_failed_notebook_names_its_cell_and_line(name: str, failures: Failures) -> None:
    claims(failures.told(failures.notebooks[name]), FAILING[name])
