"""Which commit a folder is at, read from git's own files."""

import os
import subprocess
from pathlib import Path

import pytest

from jupyter_aml.operations import git


def _git(folder: Path, *words: str) -> str:
    name = ("-c", "user.name=x", "-c", "user.email=x@y", "-c", "commit.gpgsign=false")
    alone = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}  # as within a hook
    alone |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(["git", *name, *words], cwd=folder, env=alone, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "a b"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "x.py").write_text("x")
    _git(folder, "init", "-q", "-b", "feature/one")
    _git(folder, "add", ".")
    _git(folder, "commit", "-q", "-m", "first")
    _git(folder, "remote", "add", "origin", "https://example.org/team/repo.git")
    return folder


def test_a_folder_below_a_repository_knows_its_commit(repository: Path) -> None:
    commit = _git(repository, "rev-parse", "HEAD")
    found = git.properties(repository / "src")
    assert found["mlflow.source.git.commit"] == found["azureml.git.commit"] == commit
    assert found["mlflow.source.git.branch"] == "feature/one"
    assert found["mlflow.source.git.repoURL"] == "https://example.org/team/repo.git"
    assert found["azureml.git.repository_uri"] == "https://example.org/team/repo.git"


def test_packed_refs_and_a_detached_head_are_read(repository: Path) -> None:
    commit = _git(repository, "rev-parse", "HEAD")
    _git(repository, "pack-refs", "--all")
    assert git.properties(repository)["azureml.git.commit"] == commit
    _git(repository, "checkout", "-q", "--detach")
    found = git.properties(repository)
    assert found["azureml.git.commit"] == commit
    assert "azureml.git.branch" not in found


def test_a_worktree_knows_its_own_branch_and_the_shared_remote(repository: Path, tmp_path: Path) -> None:
    _git(repository, "worktree", "add", "-q", "-b", "second", str(tmp_path / "tree"))
    found = git.properties(tmp_path / "tree")
    assert found["azureml.git.branch"] == "second"
    assert found["azureml.git.commit"] == _git(repository, "rev-parse", "HEAD")
    assert found["azureml.git.repository_uri"] == "https://example.org/team/repo.git"


@pytest.mark.parametrize("url", ["https://token@example.org/x", "https://me:secret@example.org/x"])
def test_a_secret_in_the_address_is_left_out(repository: Path, url: str) -> None:
    _git(repository, "remote", "set-url", "origin", url)
    assert "azureml.git.repository_uri" not in git.properties(repository)
    assert "secret" not in str(git.properties(repository))


def test_an_address_to_push_to_is_not_the_repositorys(repository: Path) -> None:
    config = repository / ".git" / "config"
    config.write_text('[remote "origin"]\n\tpushurl = git@push:x\n\turl = git@fetch:x\n')
    assert git.properties(repository)["azureml.git.repository_uri"] == "git@fetch:x"


def test_a_folder_outside_any_repository_has_no_commit(tmp_path: Path) -> None:
    assert git.properties(tmp_path) == {}


def test_a_repository_without_a_commit_says_what_it_knows(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q", "-b", "main")
    assert git.properties(tmp_path) == {"mlflow.source.git.branch": "main", "azureml.git.branch": "main"}
