"""The style sheets, read once and made small. They style what stands inside `.aml-run` and nothing else."""

import re
from importlib.resources import files
from typing import Final


def _small(text: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    one_line = re.sub(r"\s+", " ", without_comments)
    return re.sub(r" ?([{};,>]) ?", r"\1", re.sub(r": ", ":", one_line)).replace(";}", "}").strip()


def _sheet(name: str) -> str:
    return _small((files("jupyter_aml.widgets") / name).read_text(encoding="utf-8"))


BASE: Final = _sheet("base.css")
STYLE: Final = BASE + _sheet("view.css")
_PROGRESS: Final = _sheet("progress.css")
SWEEP: Final = _PROGRESS + _sheet("sweep.css")
"""Added where a sweep is shown: other runs need not carry it."""
PIPELINE: Final = _PROGRESS + _sheet("graph.css")
"""The same where a pipeline is."""
COMPARE: Final = BASE + _sheet("compare.css")
"""What runs side by side need, and nothing of the tabs."""
