"""Runs to paint: an ordinary one, a large one, one whose every text is hostile. Seeded, so that they never differ."""

import binascii
import math
import random
import struct
import zlib
from dataclasses import replace
from pathlib import Path

from jupyter_aml.entities.metric import MetricPoint, MetricSeries
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import (
    ChildRun,
    FolderLink,
    LogTail,
    NamedValue,
    RunFile,
    RunIdentity,
    RunImage,
    RunTabs,
    RunTimes,
    SnapshotFile,
)
from jupyter_aml.entities.status import JobStatus

CREATED = 1_790_000_000.0
NAME = JobName("happy_frog_x3kq7bdw1m")


def series(key: str, values: list[float], *, start: int = 0) -> MetricSeries:
    at = int(CREATED * 1000)
    return MetricSeries(key, tuple(MetricPoint(start + n, at + 100 * n, value) for n, value in enumerate(values)))


def falling(rng: random.Random, count: int, *, to: float = 0.08) -> list[float]:
    return [to + 0.62 * math.exp(-5 * n / count) + rng.gauss(0, 0.012) for n in range(count)]


def ordinary(status: JobStatus = JobStatus.COMPLETED, folder: Path | None = None) -> RunTabs:
    """What a small training job leaves."""
    rng = random.Random(7)
    ended = CREATED + 13.4 if status in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED} else None
    images = drawn_images(folder, 3) if folder else ()
    return RunTabs(
        identity=RunIdentity(
            name=NAME,
            status=status,
            experiment="breast-cancer",
            display_name="gradient boosting, 200 rounds",
            compute="local-cluster",
            environment="sklearn-1.5:1",
            workspace="default",
            description="First try on the bundled breast-cancer set.",
        ),
        times=RunTimes(CREATED, CREATED + 0.21, ended),
        command="python train.py --rounds ${{inputs.rounds}} --data ${{inputs.data}}",
        inputs=(
            NamedValue("rounds", "integer", "200"),
            NamedValue("data", "uri_file", "azureml:breast-cancer:1", "/data/breast-cancer.csv"),
        ),
        outputs=(
            NamedValue(
                "default", "uri_folder", "azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.x"
            ),
        ),
        tags={"owner": "ada", "purpose": "demo"},
        params={"learning_rate": "0.05", "max_depth": "3", "subsample": "0.8"},
        metrics=(
            MetricSeries("accuracy", (MetricPoint(0, int(CREATED * 1000), 0.9649),)),
            MetricSeries("roc_auc", (MetricPoint(0, int(CREATED * 1000), 0.99345),)),
            MetricSeries("f1", (MetricPoint(0, int(CREATED * 1000), 0.97222),)),
            MetricSeries("log_loss", (MetricPoint(0, int(CREATED * 1000), 0.1127),)),
            series("train_loss", falling(rng, 200, to=0.02)),
            series("val_loss", falling(rng, 200)),
            series(
                "grad_norm", [math.nan if 60 <= n < 75 else 3 * math.exp(-n / 50) + rng.random() for n in range(200)]
            ),
            series("learning_rate", [5e-5 * (1 + math.cos(n / 64)) for n in range(200)]),
        ),
        images=images,
        files=(
            RunFile("outputs/model.pkl", 184_220),
            RunFile("outputs/figures/roc.png", 21_830),
            RunFile("user_logs/std_log.txt", 2_214),
        ),
        log=LogTail("user_logs/std_log.txt", ordinary_log(rng), 2_214),
        snapshot=(
            SnapshotFile("train.py", 2_113, "9f86d081884c7d65"),
            SnapshotFile("data/readme.md", 412, "60303ae22b998861"),
        ),
        folders=(FolderLink("Artifacts", "/home/ada/.local/share/jupyter-aml/default/ExperimentRun/dcid." + NAME),),
    )


def ordinary_log(rng: random.Random) -> str:
    lines = ["\x1b[2m2026-09-21 16:13:20\x1b[0m \x1b[32mINFO\x1b[0m  569 rows, 30 features"]
    lines += [
        f"round {n * 10:>3}  train {0.6 / (n + 1):.4f}  \x1b[36mval {0.7 / (n + 1) + rng.random() / 50:.4f}\x1b[0m"
        for n in range(1, 21)
    ]
    lines += ["\x1b[33mWARNING\x1b[0m grad_norm was NaN for 15 rounds", "\x1b[1;32m✓ done\x1b[0m accuracy 0.9649"]
    return "\n".join(lines) + "\n"


def failed() -> RunTabs:
    tabs = ordinary(JobStatus.FAILED)
    error = (
        "Execution failed. User process 'python' exited with status code 1.\n"
        'Traceback (most recent call last):\n  File "train.py", line 31, in <module>\n    fit(frame, rounds)\n'
        "KeyError: 'target'"
    )
    return replace(tabs, error=error)


def new() -> RunTabs:
    """Just submitted: nothing has happened yet."""
    identity = RunIdentity(NAME, JobStatus.QUEUED, "breast-cancer", compute="local-cluster")
    return RunTabs(identity, RunTimes(CREATED), command="python train.py")


def large(folder: Path, points: int = 10_000, lines: int = 100_000) -> RunTabs:
    """50 metrics of 10,000 points, 20 images, 100,000 log lines, long lists everywhere."""
    rng = random.Random(11)
    metrics = tuple(series(f"layer_{n:02}/weight_norm", falling(rng, points)) for n in range(50))
    log = "".join(
        f"step {n:>6} loss {1 / (n + 1):.6f} lr 0.00010 grad {n % 97 / 9:.4f} img/s 1203.11\n" for n in range(lines)
    )
    return replace(
        ordinary(),
        metrics=metrics,
        images=drawn_images(folder, 20),
        log=LogTail("user_logs/std_log.txt", log, len(log)),
        files=tuple(RunFile(f"outputs/checkpoints/step-{n:05}/weights.bin", 12_345_678) for n in range(3_000)),
        snapshot=tuple(SnapshotFile(f"src/package/module_{n:04}.py", n * 13, f"{n:064x}") for n in range(2_000)),
        children=tuple(
            ChildRun(JobName(f"{NAME}_{n}"), JobStatus.COMPLETED, metrics={"accuracy": n / 500, "loss": 1 / (n + 1)})
            for n in range(500)
        ),
        params={f"parameter_{n}": str(n) for n in range(400)},
    )


def drawn_images(folder: Path, count: int) -> tuple[RunImage, ...]:
    """PNG files of growing size: heat maps with a little noise, as heavy as figures are."""
    folder.mkdir(parents=True, exist_ok=True)
    images = list[RunImage]()
    for n in range(count):
        path = folder / f"confusion_{n:02}.png"
        path.write_bytes(png(240 + 8 * n, 160 + 4 * n, seed=n))
        images.append(RunImage(f"figures/{path.name}", "image/png", path.stat().st_size, str(path)))
    return tuple(images)


def png(width: int, height: int, *, seed: int = 0, channels: int = 3) -> bytes:
    rng = random.Random(seed)
    cells = [[rng.randrange(30, 226) for _ in range(8)] for _ in range(8)]
    noise = [rng.choice((0, 0, 1, 2)) for _ in range(9973)]
    rows = list[bytes]()
    for y in range(height):
        shades = [cells[y * 8 // height][x * 8 // width] + noise[(x + y * width) % 9973] for x in range(width)]
        pixels = [(shade, 255 - shade, 160, 255)[:channels] for shade in shades]
        rows.append(b"\0" + bytes(channel for pixel in pixels for channel in pixel))
    head = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    content = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", binascii.crc32(kind + content))


def hostile(text: str) -> RunTabs:
    """The same text wherever somebody else's text can stand."""
    values = [0.1, math.nan, math.inf, -math.inf, 1e308, -1e308]
    return RunTabs(
        identity=RunIdentity(JobName(text), JobStatus.FAILED, text, text, text, text, text, text, text, text),
        times=RunTimes(CREATED, CREATED + 1, CREATED + 2),
        command=text,
        inputs=(NamedValue(text, text, text, text + "2"),),
        outputs=(NamedValue(text, text, text, text),),
        tags={text: text},
        params={text: text},
        error=text,
        metrics=(series(text, values), series(text, [1.0])),
        images=(RunImage(text, text, 10, text), RunImage(text, "image/png", 10, text)),
        children=(ChildRun(JobName(text), JobStatus.FAILED, text, {text: math.nan}),),
        files=(RunFile(text, 1, text), RunFile(f"{text}/{text}", 1)),
        log=LogTail(text, f"{text}\n" * 30, 10, text),
        snapshot=(SnapshotFile(text, 1, text),),
        folders=(FolderLink(text, text),),
    )
