"""Placeholders of a command: what is found, refused, dropped, filled in; against a real bash where quoting matters."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aml.entities.command_line import References, check, expand, modernised, references, swept
from jupyter_aml.exceptions import ValidationException

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="$`{}[]\0\r\n\\'\""), max_size=20)
PATHS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=("Cs", "Cc")), min_size=1)


def test_references_are_found_by_kind_in_optional_blocks_too() -> None:
    command = (
        "x ${{inputs.a}} ${{ inputs.b }} $[[--c ${{inputs.c}}]] ${{outputs.o}} ${{search_space.lr}}${{inputs.g.d}}"
    )
    assert references(command) == References(
        inputs=frozenset({"a", "b", "c", "g.d"}), outputs=frozenset({"o"}), search_space=frozenset({"lr"})
    )


def test_an_option_of_a_script_may_name_a_parameter() -> None:
    command = "python t.py --lr ${{search_space.--lr}} -d ${{ inputs.-d }} --batch-size ${{inputs.--batch-size}}"
    assert references(command).search_space == {"--lr"}
    given = {"--lr": "0.1", "-d": "2", "--batch-size": "16"}
    assert expand(swept(command), given, {}) == "python t.py --lr 0.1 -d 2 --batch-size 16"
    assert modernised("awk {inputs.--lr}") == "awk {inputs.--lr}"


@given(NAMES)
def test_legacy_braces_mean_the_same_as_new_ones(name: str) -> None:
    new = f"run ${{{{inputs.{name}}}}} > ${{{{outputs.{name}}}}}"
    assert modernised(f"run {{inputs.{name}}} > {{outputs.{name}}}") == new
    assert modernised(new) == new


@pytest.mark.parametrize("command", ["awk '{print $1}'", "echo ${HOME} {a,b} ${{x}}", "{inputs}", "{inputs.}"])
def test_other_braces_are_left_alone(command: str) -> None:
    assert modernised(command) == command
    assert expand(command, {}, {}) == command


def test_an_undeclared_input_is_named_with_its_neighbour() -> None:
    with pytest.raises(ValidationException) as caught:
        check("train ${{inputs.learning_rte}}", ["learning_rate", "data"], [])
    assert caught.value.message == "Inputs to job does not contain 'learning_rte' referenced in command"
    assert caught.value.resolution == "Did you mean 'learning_rate'?"


def test_an_undeclared_output_is_named() -> None:
    with pytest.raises(ValidationException, match="Outputs to job does not contain 'model'"):
        check("train --out ${{outputs.model}}", ["model"], [])


@given(WORDS, NAMES, WORDS)
def test_an_optional_block_vanishes_exactly_when_its_input_is_not_given(before: str, name: str, value: str) -> None:
    command = f"{before}$[[--flag ${{{{inputs.{name}}}}}]];"
    assert expand(command, {name: None}, {}) == f"{before};"
    assert expand(command, {name: value}, {}) == f"{before}--flag {value};"


def test_one_missing_input_drops_the_whole_block() -> None:
    assert expand("x$[[ ${{inputs.a}} ${{inputs.b}}]]", {"a": "1", "b": None}, {}) == "x"
    assert expand("x$[[\n --a ${{inputs.a}}]]$[[ plain]]", {"a": "1"}, {}) == "x\n --a 1 plain"


def test_an_input_without_a_value_outside_a_block_is_an_error_that_shows_the_block() -> None:
    with pytest.raises(ValidationException, match="'a' has no value") as caught:
        expand("x ${{inputs.a}}", {"a": None}, {})
    assert "$[[--a ${{inputs.a}}]]" in caught.value.resolution


def test_a_search_space_name_without_a_value_is_an_error() -> None:
    with pytest.raises(ValidationException, match="'lr' has no value"):
        expand("x ${{search_space.lr}}", {}, {})
    assert expand("x ${{search_space.lr}}", {"lr": "0.1"}, {}) == "x 0.1"


@given(st.dictionaries(NAMES, WORDS, min_size=1, max_size=5))
def test_expansion_puts_every_literal_in_as_it_is(inputs: dict[str, str]) -> None:
    command = "|".join(f"${{{{inputs.{name}}}}}" for name in inputs)
    assert expand(command, inputs, {}) == "|".join(inputs.values())


def test_a_value_that_looks_like_a_placeholder_is_not_filled_in_again() -> None:
    assert expand("${{inputs.a}}", {"a": "${{inputs.b}}", "b": "no"}, {}) == "${{inputs.b}}"


@settings(max_examples=60, deadline=None)
@given(PATHS, st.sampled_from(['"{}"', "'{}'", "{}", 'a"b"{}', "a\\'{}", "'a'\"c\"{}", '"a\\"{}"']))
def test_a_path_reaches_the_program_whole_however_it_is_quoted(path: str, place: str) -> None:
    command = "printf %s " + place.format("${{outputs.o}}")
    ran = subprocess.run(["/bin/bash", "-c", expand(command, {}, {"o": path})], capture_output=True, check=True)
    shown = subprocess.run(["/bin/bash", "-c", "printf %s " + place.format("MARK")], capture_output=True, check=True)
    assert ran.stdout.decode() == shown.stdout.decode().replace("MARK", path)


def test_an_input_named_as_a_path_is_quoted_and_a_literal_is_not() -> None:
    values = {"data": "/a b", "words": "x y"}
    assert expand("t ${{inputs.data}} ${{inputs.words}}", values, {}, paths=["data"]) == "t '/a b' x y"
