"""Parallel steps against a bare multiprocessing loop over the same function, on the same small files."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from jupyter_aml.entities.parallel_plan import PLAN, ParallelPlan
from tests.benchmarks.row import Row

ROOT = Path(__file__).parents[3]
FILES = 2_000
WORKERS = 2
TIMES = 5
SCORE = """
import hashlib
def init():
    pass
def scored(path):
    with open(path, "rb") as stream:
        data = stream.read()
    return hashlib.pbkdf2_hmac("sha256", data, b"salt", 1000).hex()  # half a millisecond
def run(mini_batch):
    return [scored(path) for path in mini_batch]
"""
BARE = """
import multiprocessing, os, sys
import score
if __name__ == "__main__":
    files = sorted(entry.path for entry in os.scandir(sys.argv[1]))
    with multiprocessing.Pool(2, score.init) as pool, open(sys.argv[2], "w") as out:
        for row in pool.imap(score.scored, files, chunksize=int(sys.argv[3])):
            out.write(row + "\\n")
"""


def rows() -> list[Row]:
    """Every row of parallel steps."""
    with tempfile.TemporaryDirectory(prefix="jupyter-aml-bench-") as name:
        folder = Path(name)
        for below in ("code", "data", "logs", "out"):
            folder.joinpath(below).mkdir()
        for number in range(FILES):
            folder.joinpath("data", f"{number:04d}.txt").write_text(str(number) * 100)
        folder.joinpath("code", "score.py").write_text(SCORE)
        folder.joinpath("code", "bare.py").write_text(BARE)
        return [_row(folder, 1), _row(folder, 10)]


def _row(folder: Path, size: int) -> Row:
    """Files a second, from the start of the process to its end, turn by turn so that both meet the same machine."""
    plan = ParallelPlan(
        "score.py", "data", output="rows", output_type="uri_file", workers_per_node=WORKERS, mini_batch_size=str(size)
    )
    variables = {
        PLAN: plan.to_json(),
        "PYTHONPATH": str(ROOT),
        "AZURE_ML_INPUT_data": str(folder / "data"),
        "AZURE_ML_OUTPUT_rows": str(folder / "out" / "ours.txt"),
        "AZUREML_LOGDIRECTORY_PATH": str(folder / "logs"),
    }
    bare = ["bare.py", str(folder / "data"), str(folder / "out" / "bare.txt"), str(size)]
    turns = [
        (_rate(folder, ["-m", "jupyter_aml.runner.parallel"], variables), _rate(folder, bare, {})) for _ in range(TIMES)
    ]
    assert (folder / "out" / "ours.txt").read_text() == (folder / "out" / "bare.txt").read_text()
    ours, peer = (median(rates) for rates in zip(*turns, strict=True))
    ratio = median(one / other for one, other in turns)
    what = f"A parallel step, {FILES:,} small files, {size} a time, {WORKERS} workers; against a multiprocessing loop"
    return Row(what, ours, peer, "files/s", ratio, "≥ 0.8", ratio >= 0.8)


def _rate(folder: Path, words: list[str], variables: Mapping[str, str]) -> float:
    began = time.perf_counter()
    environment = {**os.environ, **variables}
    subprocess.run(
        [sys.executable, *words], cwd=folder / "code", env=environment, stdout=subprocess.DEVNULL, check=True
    )
    return FILES / (time.perf_counter() - began)
