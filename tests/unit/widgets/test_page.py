"""The static page of a run: what it holds, what it weighs, and that nobody else's text becomes markup."""

import re
from dataclasses import replace

import pytest

from jupyter_aml.entities.run_details import LogTail, RunTabs, Tab
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import body, frame, page
from jupyter_aml.widgets.markup import saved_bytes
from jupyter_aml.widgets.style import BASE, STYLE, SWEEP
from tests.unit.widgets import sample_runs
from tests.unit.widgets.reading import Page

LOOK = Look("aml1", sample_runs.CREATED + 9)
LIMIT = 60_000
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "closing tags": "</style></pre></svg></article><script>alert(1)</script>",
    "quotes": """' onmouseover='alert(1)' " onfocus="alert(1)" `x`""",
    "image": "<img src=https://example.org/x.png onerror=alert(1)>",
    "entity": "&lt;script&gt;&#x3c;b&#x3e;",
    "comment": "<!-- <![CDATA[ ]]> -->",
    "colours": "\x1b[31m<b onclick='x'>\x1b[0m\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07",
    "colour bomb": "\x1b[31mx\x1b[32my" * 50_000,
    "unended sequences": "\x1b[" + "1;" * 100_000 + "\x1b]" + "z" * 100_000,
    "long line": "x" * 1_000_000,
    "many lines": "line\n" * 200_000,
    "half characters": "a\ud800b\udfff",
    "directions": "a\u202eb\u2066c\ufeff",
    "control codes": "".join(map(chr, range(32))) + "\x7f\x85",
    "joined letters": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L" * 500,
    "template": "{view} {0} %s ${x} {{x}}",
    "path": "../../etc/a b 'c\" ;é/\n<x>",
    "empty": "",
}


def own_tags(tabs: RunTabs) -> set[str]:
    return set(Page(page(tabs, LOOK)).tags)


def test_every_tab_of_azure_is_there_in_azures_order() -> None:
    sections = re.findall(r"<section class='p p\d' aria-label='([^']+)'>", page(sample_runs.ordinary(), LOOK))
    assert sections == list(Tab)


def test_an_empty_tab_says_that_there_is_none() -> None:
    text = Page(body(sample_runs.new(), LOOK)).text
    for said in (
        "No metrics",
        "No images",
        "No child runs",
        "No outputs",
        "No snapshot",
        "No explanations",
        "No fairness",
    ):
        assert said in text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nobody_elses_text_becomes_markup(text: str) -> None:
    harmless = own_tags(sample_runs.hostile("harmless"))
    shown = page(sample_runs.hostile(text), LOOK)
    found = Page(shown)
    assert set(found.tags) - {"span", "img"} <= harmless | {"p"}
    assert "script" not in found.tags
    assert found.fetched() == []
    assert found.handlers() == []
    assert "\x1b" not in shown
    shown.encode()  # no half characters: a kernel can send it


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_makes_a_page_heavy(text: str) -> None:
    assert saved_bytes(page(sample_runs.hostile(text), LOOK)) <= LIMIT


def test_a_large_run_stays_below_its_limit(large_run: RunTabs) -> None:
    assert saved_bytes(page(large_run, LOOK)) <= LIMIT


def test_a_large_run_shows_every_metric_and_counts_what_it_leaves_out(large_run: RunTabs) -> None:
    shown = Page(page(large_run, LOOK))
    for series in large_run.metrics:
        assert series.key in shown.text
    for count in ("2,9", "1,9", "49"):
        assert re.search(rf"… and {count}\d+ more", shown.text), count


def test_a_page_asks_for_nothing(large_run: RunTabs) -> None:
    for tabs in (sample_runs.ordinary(), sample_runs.failed(), large_run):
        shown = page(tabs, LOOK)
        assert Page(shown).fetched() == []
        assert "script" not in Page(shown).tags
        assert not re.search(r"@import|url\(|https?://", shown.replace("http://www.w3.org/2000/svg", ""))


def test_a_failed_run_shows_why_on_every_tab() -> None:
    shown = body(sample_runs.failed(), LOOK)
    header = shown.partition("<section")[0]
    assert "KeyError: &#x27;target&#x27;" in header
    assert "The run failed" in header


def test_a_remark_of_the_view_stands_in_the_header() -> None:
    shown = body(sample_runs.ordinary(JobStatus.RUNNING), replace(LOOK, notice="the <store> is away"))
    assert "the &lt;store&gt; is away" in shown.partition("<section")[0]


def test_the_same_run_at_the_same_moment_is_the_same_page() -> None:
    assert page(sample_runs.ordinary(), LOOK) == page(sample_runs.ordinary(), LOOK)


def test_every_caption_has_its_switch_in_the_frame() -> None:
    switches = set(re.findall(r"<input type=radio name=\S+ id=(\S+)", frame("amlx")))
    captions = set(
        re.findall(r"<label (?:class=mo )?for=([^\s>]+)", body(sample_runs.ordinary(), replace(LOOK, view="amlx")))
    )
    assert captions == switches


def test_two_views_share_no_name() -> None:
    def ids(view: str) -> set[str]:
        return {
            value
            for _, name, value in Page(page(sample_runs.ordinary(), replace(LOOK, view=view))).attributes
            if name == "id"
        }

    assert not ids("amla") & ids("amlb")


@pytest.mark.parametrize("sheet", [BASE, STYLE, SWEEP], ids=["base", "whole", "of sweeps"])
def test_styles_reach_nothing_but_our_own_elements(sheet: str) -> None:
    media = re.sub(r"@media[^{]+\{((?:[^{}]*\{[^{}]*\})*)\}", r"\1", sheet)  # rules inside stand for themselves
    outermost = [rule.strip() for rule in re.findall(r"([^{}]*)\{(?:[^{}]|\{[^{}]*\})*\}", media)]
    assert outermost
    assert [rule for rule in outermost if not rule.startswith((".aml-run", "@keyframes aml-run"))] == []


def told(log: str, status: JobStatus = JobStatus.RUNNING) -> RunTabs:
    return replace(sample_runs.ordinary(status), log=LogTail("user_logs/std_log.txt", log, len(log)))


def test_what_the_log_says_of_progress_stands_in_the_header() -> None:
    header = body(told("epoch 3:  45%|###  | 45/100 [00:12<00:15,  3.61it/s]"), LOOK).partition("<section")[0]
    assert "role=progressbar aria-label='epoch 3'" in header
    assert "aria-valuenow=45" in header
    assert "45 of 100, about 15 s left" in Page(header).text
    for silent in (told("no word"), told("epoch 3:  45%|###  | 45/100 [00:12<00:15,  3.61it/s]", JobStatus.COMPLETED)):
        assert "progressbar" not in body(silent, LOOK)


@pytest.mark.parametrize("bad", [HOSTILE["script"], HOSTILE["quotes"], HOSTILE["colours"]])
def test_a_label_from_a_log_is_text(bad: str) -> None:
    shown = body(told(f"{bad}:  45%|###  | 45/100 [00:12<00:15,  3.61it/s]"), LOOK)
    assert "role=progressbar" in shown
    assert set(Page(shown).tags) <= own_tags(sample_runs.ordinary()) | {"i"}
    assert Page(shown).handlers() == []
