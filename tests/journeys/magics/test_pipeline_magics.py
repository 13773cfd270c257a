"""Claims about the magics of pipelines and components, made in a real kernel against real steps."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel

CUT = """\
%%aml_component \\
    --tag who=me
import os
def cut(data: Input(type="uri_file"), parts: Output(type="uri_folder"), share: float = 0.5):
    "Keep the first lines."
    lines = open(data).read().split()
    kept = lines[: int(len(lines) * share)]
    open(os.path.join(parts, "kept.txt"), "w").write(" ".join(kept))
"""
COUNT = """\
%%aml_component
def count(parts: Input(type="uri_folder"), found: Output(type="uri_folder")):
    with open(f"{found}/n.txt", "w") as file:
        file.write(str(len(open(f"{parts}/kept.txt").read().split())))
"""
CALLS = """\
%%aml_pipeline --experiment e --input share=0.25 --input data=./lines.txt --wait {}
less = cut(data=data, share=share)
counted = count(parts=less.outputs.parts)
return {{"n": counted.outputs.found}}
"""


def ready(kernel: "Kernel") -> None:
    kernel.run("from jupyter_aml import Input, Output, MLClient\nopen('lines.txt', 'w').write('a ' * 8)")
    for cell in (CUT, COUNT):
        seen = kernel.run(cell)
        assert seen.status == "ok", seen.text + seen.error


def test_cells_become_components_and_calls_of_them_a_pipeline(kernel: "Kernel") -> None:
    ready(kernel)
    seen = kernel.run(CALLS.format("--name p1"))
    assert seen.status == "ok", seen.text + seen.error
    assert kernel.value("(_aml_pipeline.name, _aml_pipeline.type)") == "('p1', 'pipeline')"
    kernel.run("MLClient.default().jobs.download('p1', output_name='n', download_path='got')")
    assert kernel.value("open('got/named-outputs/n/n.txt').read()") == "2"
    steps = "[(one.display_name, one.properties.get('azureml.isreused')) for one in ml.jobs.list(parent_job_name='{}')]"
    kernel.run("ml = MLClient.default()")
    assert kernel.value(steps.format("p1")) == "[('counted', None), ('less', None)]"
    kernel.run(CALLS.format("--name p2"))
    assert kernel.value(steps.format("p2")) == "[('counted', 'true'), ('less', 'true')]"
    kernel.run(CALLS.format("--name p3 --force-rerun"))
    assert kernel.value(steps.format("p3")) == "[('counted', None), ('less', None)]"


def test_a_components_cell_is_registered_by_its_signature_and_once(kernel: "Kernel") -> None:
    ready(kernel)
    assert "Component cut:1: takes data, share; gives parts." in kernel.run(CUT).text
    kernel.run("kept = MLClient.default().components.get('cut')")
    assert (
        kernel.value("(kept.version, kept.description, kept.tags)") == "('1', 'Keep the first lines.', {'who': 'me'})"
    )
    assert kernel.value("(kept.inputs['share'].type, kept.inputs['share'].default)") == "('number', 0.5)"
    assert "Component cut:2: " in kernel.run(CUT.replace("share)]", "share) + 1]")).text
    assert kernel.run("%aml_component show cut").status == "ok", "the verbs of the noun stay"
    yaml = "%%aml_component create\ntype: command\nname: y\ncommand: echo\nenvironment: azureml:sklearn-1.5@latest\n"
    assert kernel.run(yaml).status == "ok"


def test_what_cannot_be_is_said_in_one_message(kernel: "Kernel") -> None:
    ready(kernel)
    for cell, said in (
        ("%%aml_pipeline\nx = cut(dat=1)", "data"),
        ("%%aml_pipeline --comptue x\nx = cut()", "Did you mean '--compute'?"),
        ("%%aml_pipeline --wait --no-wait\nx = cut()", "exclude each other"),
        ("%%aml_pipeline\nx = = 1", "The cell is not Python: line 1"),
        ("%%aml_pipeline\n# nothing", "The cell is empty"),
        ("%%aml_pipeline\nx = 1", "jobs: required"),
        ("%%aml_component\ndef f(x: dict): pass", "Unsupported annotation"),
    ):
        seen = kernel.run(cell)
        assert (seen.status, seen.text.partition(":")[0]) == ("error", "UsageError"), (cell, seen)
        assert said in seen.text, (cell, seen)
    assert kernel.value("list(MLClient.default().jobs.list())") == "[]"


def test_tab_knows_the_options(kernel: "Kernel") -> None:
    assert {"--name", "--force-rerun", "--wait"} <= set(kernel.completions("%%aml_pipeline --"))
    assert {"--always", "--environment", "--file"} <= set(kernel.completions("%%aml_component --"))
    assert "show" in kernel.completions("%aml_component ")
