"""Progress in the lines that training loops write, and none in those that only look like it."""

import time

import pytest

from jupyter_aml.entities.log_progress import LogProgress, of_line, progress

LINES: tuple[tuple[str, LogProgress], ...] = (
    # tqdm
    (" 45%|████▌     | 45/100 [00:12<00:15,  3.61it/s]", LogProgress("", 45, 100, 0.45, 15, 3.61)),
    ("  0%|          | 0/100 [00:00<?, ?it/s]", LogProgress("", 0, 100, 0)),
    ("100%|██████████| 100/100 [00:27<00:00,  3.61it/s]", LogProgress("", 100, 100, 1, 0, 3.61)),
    (
        "Epoch 3:  45%|████▌     | 45/100 [00:12<00:15,  3.61it/s, loss=0.3]",
        LogProgress("Epoch 3", 45, 100, 0.45, 15, 3.61),
    ),
    (
        "Downloading: 12%|#2        | 1.20M/10.0M [00:01<00:09, 1.05MB/s]",
        LogProgress("Downloading", 1.2e6, 1e7, 0.12, 9, 1.05e6),
    ),
    ("train:   2%|▏         | 3/150 [00:10<08:15,  3.37s/it]", LogProgress("train", 3, 150, 0.02, 495, 1 / 3.37)),
    ("big: 50%|█████     | 5/10 [5:00:00<5:00:00, 3600.00s/it]", LogProgress("big", 5, 10, 0.5, 18_000, 1 / 3600)),
    ("a | b: 50%|#####     | 5/10 [00:01<00:01,  5.00 files/s]", LogProgress("a | b", 5, 10, 0.5, 1, 5)),
    (
        "\r 10%|█         | 1/10 [00:01<00:09,  1.00it/s]\r 20%|██        | 2/10 [00:02<00:08,  1.00it/s]",
        LogProgress("", 2, 10, 0.2, 8, 1),
    ),
    ("\x1b[32m 20%|██        | 2/10 [00:02<00:08,  1.00it/s]\x1b[0m", LogProgress("", 2, 10, 0.2, 8, 1)),
    # Lightning
    (
        "Epoch 0:  50%|█████     | 235/469 [00:03<00:03, 66.65it/s, v_num=2]",
        LogProgress("Epoch 0", 235, 469, 235 / 469, 3, 66.65),
    ),
    (
        "Validation DataLoader 0:  20%|██        | 2/10 [00:00<00:00, 31.4it/s]",
        LogProgress("Validation DataLoader 0", 2, 10, 0.2, 0, 31.4),
    ),
    (
        "Epoch 1/9  ━━━━━━━━━━━━━━━━ 45/100 0:00:05 • 0:00:12 4.58it/s v_num: 0",
        LogProgress("Epoch 1/9", 45, 100, 0.45, 12, 4.58),
    ),
    # Keras
    ("45/100 [============>.................] - ETA: 5s - loss: 0.3012", LogProgress("", 45, 100, 0.45, 5)),
    ("1875/1875 [==============================] - 4s 2ms/step - loss: 0.2", LogProgress("", 1875, 1875, 1, 4)),
    (
        "\x1b[1m 45/100\x1b[0m \x1b[32m━━━━━━\x1b[0m\x1b[37m━━━━━━━\x1b[0m \x1b[1m5s\x1b[0m 110ms/step - loss: 0.3",
        LogProgress("", 45, 100, 0.45, 5),
    ),
    ("45/100 ━━━━━━━━━━━━━━━━━━━━ 1:05 1s/step - loss: 0.3", LogProgress("", 45, 100, 0.45, 65)),
    # rich
    ("Working... ━━━━━━━━━━╸━━━━━━━━━━━━━  45% 0:00:12", LogProgress("Working...", 45, 100, 0.45, 12)),
    ("Training ━━━━━━━━━━━━━━━━━━━━━━━━━━ 100% 0:00:00", LogProgress("Training", 100, 100, 1, 0)),
    ("Reading ━━━━━━━━━━━━━━━━━━━━━━━━━━   0% -:--:--", LogProgress("Reading", 0, 100, 0)),
    # plain
    ("Epoch 3/10", LogProgress("Epoch", 3, 10, 0.3)),
    ("cell 3/10 (0.4 s)", LogProgress("cell", 3, 10, 0.3)),
    ("my train.ipynb: cells 0/10", LogProgress("cells", 0, 10, 0)),
    ("2026-11-26 03:30:01 INFO epoch 3/10 loss=0.31 acc=0.9", LogProgress("epoch", 3, 10, 0.3)),
    ("[Epoch 3 of 10] loss 0.3", LogProgress("Epoch", 3, 10, 0.3)),
    ("Epoch: [3/10], Step: [100/600], Loss: 0.21", LogProgress("Epoch", 3, 10, 0.3)),
    ("Train Epoch: 1 [640/60000 (1%)]\tLoss: 1.7", LogProgress("Epoch", 640, 60_000, 640 / 60_000)),
    ("step 45/100 | loss 0.4", LogProgress("step", 45, 100, 0.45)),
    ("iteration=5/20", LogProgress("iteration", 5, 20, 0.25)),
    ("Fold 2 out of 5", LogProgress("Fold", 2, 5, 0.4)),
    ("processed batch 12 / 48", LogProgress("batch", 12, 48, 0.25)),
    ("Trial 7/50 finished with value 0.3", LogProgress("Trial", 7, 50, 0.14)),
)
OTHERS = (
    "",
    "hello",
    "2026/11/26 03:30:01 begins",
    "26/11/2026",
    "read /data/1/10/file.csv",
    "http://x/1/2",
    "accuracy 3/4",
    "loss 0.31",
    "45%",
    "memory at 45%",
    "GPU 0: 45% | 12/24 GB",
    "version 1/2 of the file format",
    "3/10",
    "1 of 10 dentists",
    "Epoch 11/10",
    "epoch 3/0",
    "score: 10/10",
    "python 3.11/site-packages",
    "steps/s 45/100",
    "epoch 1/10/2026",
    "step 5/10.csv",
    "files 1/2-beta",
    "[=====>    ]",
    "100%|",
    "2/3 [no bar]",
    "━━━━━━━━━━━━━━━━",
    "Epoch 5",
    "  at 3/4 [x]",
    "ratio 4/5 [1.0]",
    "epoch 99999999999999999999/999999999999999999999",
)


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_line_says_how_far_it_is(line: str, expected: LogProgress) -> None:
    found = of_line(line)
    assert found is not None
    assert found.label == expected.label
    assert (found.done, found.total) == pytest.approx((expected.done, expected.total))
    assert found.fraction == pytest.approx(expected.fraction)
    assert found.eta_seconds == pytest.approx(expected.eta_seconds)
    assert found.rate == pytest.approx(expected.rate)


@pytest.mark.parametrize("line", OTHERS)
def test_what_only_looks_like_it_is_none(line: str) -> None:
    assert of_line(line) is None


def test_there_are_enough_of_them() -> None:
    assert (len(LINES) >= 25, len(OTHERS) >= 15) == (True, True)


def test_the_last_line_that_tells_of_it_counts() -> None:
    assert progress(["Epoch 1/10", "loss 1", "Epoch 2/10", "loss 0.5", "saved"]) == LogProgress("Epoch", 2, 10, 0.2)
    assert progress(["Epoch 1/10", *["loss"] * 100]) is None
    assert progress([]) is None


def test_a_bar_of_keras_is_of_the_epoch_above() -> None:
    found = progress(["Epoch 2/5", "45/100 [============>.................] - ETA: 5s - loss: 0.3012"])
    assert found == LogProgress("Epoch 2/5", 45, 100, 0.45, 5.0)


HOSTILE = (
    *(part * 500_000 for part in ("1/", "\x1b[", "%|", "\r1/2", "9:", "epoch ", "(", "1.")),
    *(mark * 1_000_000 + end for mark, end in (("1", "/2"), ("━", "%"), (" ", "/"))),
    "epoch 1/" + "1" * 900, "━━━━━ 1/" + " " * 900, ("x 1%|" * 200)[:999],
)  # fmt: skip


def test_hostile_lines_cost_no_more_than_a_moment() -> None:
    for text in HOSTILE:
        began = time.process_time()
        of_line(text)
        assert time.process_time() - began < 0.5
