"""The options of every magic, as rows: the parser, the completer and the help read the same table."""

from typing import Final

from jupyter_aml.verbs.option import Option

JOB: Final = (
    Option("--code", "DIR", "run a shell command (the cell's body) in a copy of this folder", known="folder"),
    Option("--compute", "NAME", "the compute; serverless when not given", known="compute target"),
    Option(
        "--environment",
        "NAME@latest",
        "the environment; the kernel's own when not given",
        known="environment reference",
    ),
    Option("--experiment", "NAME", "the experiment; the working folder's name when not given", known="experiment"),
    Option("--name", "NAME", "the job's name; made up when not given"),
    Option("--display-name", "TEXT", "what lists show"),
    Option("--description", "TEXT", "what it is for"),
    Option("--input", "k=v", "an input: a literal, or data by a path with ./ or / or azureml:", many=True, pair=True),
    Option("--output", "k", "an output folder, named k in the cell", many=True),
    Option("--env", "K=V", "an environment variable of the job", many=True, pair=True),
    Option("--tag", "k=v", "a tag", many=True, pair=True),
    Option("--timeout", "SECONDS", "cancel the job after this time"),
    Option("--instance-count", "N", "how many nodes it takes"),
    Option("--wait", "", "return when the job is over"),
    Option("--no-wait", "", "return at once (the default)"),
    Option("--cold", "", "a fresh interpreter, no warm worker"),
)
_OF_PIPELINE: Final = (
    "--compute", "--experiment", "--name", "--display-name", "--description", "--input", "--tag",
)  # fmt: skip
PIPELINE: Final = (
    *(option for option in JOB if option.name in _OF_PIPELINE),
    Option("--force-rerun", "", "run every step, take none from an earlier pipeline"),
    Option("--continue-on-step-failure", "", "let the steps that can still run go on after one failed"),
    Option("--wait", "", "return when the pipeline is over"),
    Option("--no-wait", "", "return at once (the default)"),
)
COMPONENT: Final = (
    Option("--name", "NAME", "the component's name; the function's when not given"),
    Option("--version", "VERSION", "its version; the next one when not given, if it does something new"),
    Option(
        "--environment",
        "NAME@latest",
        "where it runs; azureml:sklearn-1.5@latest when not given",
        known="environment reference",
    ),
    Option("--display-name", "TEXT", "what lists show"),
    Option("--description", "TEXT", "what it is for; the function's docstring when not given"),
    Option("--tag", "k=v", "a tag", many=True, pair=True),
    Option("--always", "", "it does not do the same each time: never take it from an earlier pipeline"),
)
_OF_TRIAL: Final = ("--code", "--timeout", "--wait", "--no-wait")
SWEEP: Final = (
    Option("--space", "x=EXPR", "a parameter and where it may lie, e.g. rate=loguniform(-6,-1)", many=True, pair=True),
    Option("--metric", "NAME", "what is wanted, as a trial logs it"),
    Option("--goal", "GOAL", "maximize (the default) or minimize it", choices=("maximize", "minimize")),
    Option("--trials", "N", "at most so many; 20 when not given, of a grid all", kind=int, least=1),
    Option(
        "--concurrent",
        "N",
        "at most so many at once; as many as the compute has nodes when not given",
        kind=int,
        least=1,
    ),
    Option(
        "--sampling",
        "KIND",
        "random (the default), sobol, grid or bayesian",
        choices=("random", "sobol", "grid", "bayesian"),
    ),
    Option("--seed", "N", "draw the same again", kind=int),
    Option("--policy", "EXPR", "end trials that fall behind, e.g. bandit(slack_factor=0.1)"),
    Option("--timeout", "SECONDS", "cancel a trial after this time", kind=int, least=1),
    *(option for option in JOB if option.name not in _OF_TRIAL),
    Option("--wait", "", "return when the sweep is over"),
    Option("--no-wait", "", "return at once (the default)"),
)
SWEEP_VERBS: Final = {
    "show": "its view",
    "stream": "its log, as it is written",
    "wait": "return when it is over",
    "cancel": "ask for its end, and that of its trials",
    "best": "the best trial, as a job",
    "trials": "its trials, as a table",
    "download": "copy the best trial's files here",
    "extend": "go on with more trials",
    "resume": "go on with the trials that it did not begin",
}
_GOES_ON: Final = (
    "--trials",
    "--concurrent",
    "--policy",
    "--timeout",
    "--compute",
    "--experiment",
    "--name",
    "--display-name",
    "--description",
    "--tag",
    "--wait",
    "--no-wait",
)
JOBS: Final = (
    Option("--experiment", "NAME", "only of this experiment", known="experiment"),
    Option("--status", "STATUS", "only in this state", known="status"),
    Option("--max", "N", "at most so many (20)"),
    Option("--archived", "", "the archived ones"),
)
JOB_VERBS: Final = {
    "show": "its run view",
    "stream": "its log, as it is written",
    "cancel": "ask for its end",
    "download": "copy its files here",
    "wait": "return when it is over",
    "archive": "hide it from lists",
    "restore": "show it in lists again",
}
JOB_LINE: Final = (
    Option("--path", "DIR", "where a download goes (here)", known="folder"),
    Option("--output", "NAME", "download this output"),
    Option("--all", "", "download artifacts and every output"),
)
RUN: Final = (Option("--text", "", "as text, once"),)
_OF_NOTEBOOK: Final = (
    "--compute", "--environment", "--name", "--display-name", "--description", "--env", "--tag", "--timeout",
    "--instance-count", "--wait", "--no-wait",
)  # fmt: skip
SUBMIT_NOTEBOOK: Final = (
    Option("--param", "k=v", "a parameter's value; data by a path or azureml:", many=True, pair=True),
    Option("--as", "WAY", "script (the default), or notebook: executed cell by cell", choices=("script", "notebook")),
    Option("--live", "", "the cells as they last ran here, in place of the saved ones"),
    Option("--keep", "RULE", "leave out nothing by this rule, or of the cell of this number", many=True),
    Option("--path", "FILE", "the notebook's file, where it cannot be found out", known="file"),
    Option(
        "--experiment",
        "NAME",
        "the experiment; the working folder's name when not given",
        known="experiment",
        also=("--experiment-name",),
    ),
    *(option for option in JOB if option.name in _OF_NOTEBOOK),
)
COMPARE: Final = (
    Option("--all", "", "also what is the same in all of them"),
    Option("--text", "", "as text"),
)
PIPELINE_VERBS: Final = {
    "list": "the pipelines, newest first",
    "show": "its view",
    "stream": "its log, as it is written",
    "wait": "return when it is over",
    "cancel": "ask for its end, and that of its steps",
    "steps": "its steps, as a table",
    "download": "copy its files here",
    "rerun": "submit it again, with what the line says instead",
}
_IN_LISTS: Final = tuple(option.name for option in JOBS)
TAKEN_BY_VERB: Final = {
    "%aml_sweep": {"download": ("--path",), "extend": _GOES_ON, "resume": _GOES_ON},
    "%aml_pipeline": {
        "list": _IN_LISTS,
        "download": tuple(option.name for option in JOB_LINE),
        "rerun": tuple(option.name for option in PIPELINE),
    },
}
"""The options of a verb; the others of that magic take none."""
WORKSPACE: Final = (
    Option("--config", "FILE", "switch to the workspace of this config.json", known="file"),
    Option("--path", "DIR", "switch to the workspace whose config.json is found from here", known="folder"),
    Option("--subscription", "ID", "of a workspace to switch to"),
    Option("--resource-group", "NAME", "of a workspace to switch to", known="group"),
)
OF_MAGIC: Final = {
    "%%aml_job": JOB,
    "%aml_job": JOB_LINE,
    "%aml_jobs": JOBS,
    "%aml_run": RUN,
    "%aml_compare": COMPARE,
    "%aml_submit_notebook": SUBMIT_NOTEBOOK,
    "%%aml_sweep": SWEEP,
    "%aml_sweep": (*SWEEP, *JOB_LINE[:1]),
    "%aml_wait": (),
    "%aml_workspace": WORKSPACE,
    "%%aml_pipeline": PIPELINE,
    "%aml_pipeline": (*PIPELINE, *JOB_LINE, *JOBS[1:]),
}
"""What each magic takes; a magic of the cell is another one than that of the line."""
BESIDES_YAML: Final = {"component": COMPONENT}
"""What the magic of a noun takes above a cell that is no YAML."""
