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
    assert {"--path", "--force-rerun", "--status"} <= set(kernel.completions("%aml_pipeline --"))
    assert kernel.completions("%aml_pipeline st") == ["steps", "stream"]
    assert kernel.completions("%aml_pipeline download --p") == ["--path"]
    assert {"--always", "--environment", "--file"} <= set(kernel.completions("%%aml_component --"))
    assert "show" in kernel.completions("%aml_component ")


def test_the_verbs_take_the_last_pipeline_or_the_one_that_is_named(kernel: "Kernel") -> None:
    ready(kernel)
    kernel.run(CALLS.format("--name p1"))
    assert "p1" in kernel.run("%aml_pipeline").html[0]
    kernel.run("steps = %aml_pipeline steps")
    assert (
        kernel.value("{one.name: str(one.state) for one in steps}") == "{'less': 'completed', 'counted': 'completed'}"
    )
    assert "p1_counted" in kernel.run("%aml_pipeline steps p1").text
    assert kernel.run("%aml_pipeline rerun --name p2 --input share=0.5 --tag a=b --experiment f --wait").status == "ok"
    assert kernel.value("(_aml_pipeline.name, _aml_pipeline.tags, _aml_pipeline.experiment_name)") == (
        "('p2', {'a': 'b'}, 'f')"
    )
    assert "Downloaded to " in kernel.run("%aml_pipeline download p2 --output n --path got").text
    assert kernel.value("open('got/named-outputs/n/n.txt').read()") == "4"
    assert kernel.run("%aml_pipeline rerun p1 --name p3").status == "ok"
    assert kernel.run("%aml_pipeline wait").status == "ok"
    assert "p1_less" in kernel.run("%aml_pipeline steps").text, "it says which was taken"
    assert sorted(kernel.completions("%aml_pipeline show ")) == ["p1", "p2", "p3"]
    assert "p3 is over: Completed." in kernel.run("%aml_pipeline cancel").text
    listed = kernel.run("%aml_pipeline list --experiment e").text
    assert ("p1" in listed, "p2" in listed, "p1_less" in listed) == (True, False, False)
    kernel.run("%%aml_job --name plain --wait\n1")
    assert "plain" not in kernel.run("%aml_pipeline list").text


def test_a_yaml_runs_with_what_the_line_says(kernel: "Kernel") -> None:
    ready(kernel)
    kernel.run(
        "%%writefile p.yml\ntype: pipeline\ninputs: {data: {type: uri_file, path: ./lines.txt}, share: 0.25}\n"
        "jobs:\n  less:\n    type: command\n    component: azureml:cut@latest\n"
        "    inputs: {data: '${{parent.inputs.data}}', share: '${{parent.inputs.share}}'}\n"
    )
    assert "jobs.less.compute: Compute not set" in kernel.run("%aml_pipeline p.yml").text
    assert kernel.run("%aml_pipeline p.yml --compute serverless --input share=1 --name y --wait").status == "ok"
    assert kernel.value("str(_aml_pipeline.inputs['share'].default)") == "1"


def test_a_yaml_that_names_a_pipeline_component_takes_its_inputs_from_the_line(kernel: "Kernel") -> None:
    kernel.run(
        "%%writefile whole.yml\ntype: pipeline\nname: whole\ninputs: {word: {type: string}}\njobs:\n  say:\n"
        "    command: echo ${{inputs.word}}\n    environment: azureml:sklearn-1.5@latest\n"
        "    inputs: {word: '${{parent.inputs.word}}'}\n"
    )
    kernel.run("from jupyter_aml import MLClient, load_component")
    kernel.run("_ = MLClient.default().components.create_or_update(load_component('whole.yml'))")
    kernel.run("%%writefile run.yml\ntype: pipeline\ncomponent: azureml:whole\n")
    said = "%aml_pipeline run.yml --compute serverless --name w --wait --input"
    assert "inputs.wrod: unknown. Did you mean 'word'" in kernel.run(f"{said} wrod=hi").text
    seen = kernel.run(f"{said} word=hi")
    assert seen.status == "ok", seen.text
    assert kernel.value("str(MLClient.default().jobs.get('w').component)") == "azureml:whole:1"


def test_ctrl_c_ends_the_waiting_and_not_the_pipeline(kernel: "Kernel") -> None:
    kernel.run("%%aml_component\ndef sleep():\n    import time\n    time.sleep(600)")
    seen = kernel.interrupted("%%aml_pipeline --name long --wait\nslept = sleep()")
    assert "long goes on. Follow it: %aml_pipeline stream long   End it: %aml_pipeline cancel long" in seen.text
    assert "Asked for the end of long and of its steps." in kernel.run("%aml_pipeline cancel").text
    kernel.run("%aml_pipeline wait")
    assert "long is over: Canceled." in kernel.run("%aml_pipeline cancel").text


REFUSED_LINES = [
    ("%aml_pipeline shwo", "'shwo' is not something to do with a pipeline.\nDid you mean 'show'?"),
    ("%aml_pipeline wait", "%aml_pipeline wait needs a pipeline's name.\n%aml_pipeline list shows them."),
    ("%aml_pipeline steps plain", "'plain' is no pipeline.\n%aml_job show plain"),
    ("%aml_pipeline rerun plain", "'plain' is no pipeline.\n%aml_job show plain"),
    ("%aml_pipeline show plain --max 3", "%aml_pipeline show takes no --max.\nIt takes no option."),
    ("%aml_pipeline list x", "Not expected here: 'x'."),
    ("%aml_pipeline nowhere.yml", "No such file or directory: nowhere.yml"),
    ("%aml_pipeline job.yml --path x", "%aml_pipeline FILE.yml takes no --path."),
    ("%aml_pipeline job.yml", "job.yml is the YAML of a command job, and no pipeline."),
    ("%aml_pipeline list --status Compleded", "Did you mean 'Completed'?"),
    ("%aml_pipeline show plian", "Did you mean 'plain'?"),
]


def test_what_a_verb_cannot_do_is_said_in_one_message(kernel: "Kernel") -> None:
    kernel.run("%%aml_job --name plain --wait\n1")
    kernel.run("open('job.yml', 'w').write('command: echo\\nenvironment: azureml:sklearn-1.5@latest\\n')")
    for line, said in REFUSED_LINES:
        seen = kernel.run(line)
        assert (seen.status, said in seen.text, "Traceback" in seen.text) == ("error", True, False), (line, seen.text)
