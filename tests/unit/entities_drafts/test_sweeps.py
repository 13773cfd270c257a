"""Sweeps as drafts: what varies, what a trial inherits, what is refused at once, what the workspace returned."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_aml import Input, Output, command, load_job
from jupyter_aml.entities import CommandComponent, Environment, ParameterizedCommand, Sweep
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.job import Command, CommandJob, Job
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.sweep import (
    BanditPolicy,
    Choice,
    GridSamplingAlgorithm,
    LogUniform,
    MedianStoppingPolicy,
    Objective,
    QNormal,
    QUniform,
    Randint,
    RandomSamplingAlgorithm,
    SweepJob,
    SweepJobLimits,
    Uniform,
)

WANTED: dict[str, Any] = {"primary_metric": "loss", "goal": "minimize"}


def _job(**fields: Any) -> Command:
    return command(command="python a.py ${{inputs.x}} ${{inputs.y}}", inputs={"x": 1, "y": 0.5}, **fields)


def _returned(**fields: Any) -> Sweep:
    known = {"name": "s1", "id": "i", "status": "Completed", "display_name": "s1", "studio_url": "file:///x"}
    return Sweep.of(
        {**_job(compute="c")(x=Choice([1, 2])).sweep(**WANTED, max_total_trials=2).spec(), **known, **fields}
    )


# ── what varies ──


def test_arguments_go_by_position_or_by_name() -> None:
    assert Choice([1, 2]) == Choice(values=[1, 2])
    assert Uniform(0, 1) == Uniform(min_value=0, max_value=1)
    assert QUniform(1, 9, 2) == QUniform(1, q=2, max_value=9)
    assert QNormal(0, 1, 2).spec() == {"type": "qnormal", "mu": 0, "sigma": 1, "q": 2}
    assert LogUniform(-6, -1).spec() == {"type": "loguniform", "min_value": -6, "max_value": -1}


@pytest.mark.parametrize(
    "one", [Choice([1, "a", 0.5, True]), Randint(5), QUniform(0.5, 9, 2), Choice([{"a": Uniform(0, 1)}])]
)
def test_what_is_shown_makes_it_again(one: Any) -> None:
    assert eval(repr(one)) == one  # noqa: S307 - our own repr
    assert type(one).of(one.spec()) == one


def test_values_are_listed_from_whatever_holds_them() -> None:
    np = pytest.importorskip("numpy")
    for values in ((1, 2, 3), range(1, 4), np.arange(1, 4), (n for n in (1, 2, 3)), [np.int64(1), 2, 3]):
        assert yaml.safe_dump(Choice(values).spec()) == "type: choice\nvalues:\n- 1\n- 2\n- 3\n"
    assert yaml.safe_dump(Uniform(np.float64(0.5), 1).spec()) == "max_value: 1\nmin_value: 0.5\ntype: uniform\n"


def test_a_nested_space_is_the_same_from_drafts_and_from_yaml() -> None:
    made = Choice([{"kind": "a", "rate": Uniform(0, 1), "deep": Choice([{"n": Randint(3)}])}, "none"])
    assert Choice.of(yaml.safe_load(yaml.safe_dump(made.spec()))) == made


def test_bounds_are_not_compared_before_the_submit() -> None:
    assert Uniform(9, 1).max_value == 1
    assert Choice([]).values == []
    assert Uniform().min_value is None


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (lambda: Choice.of({"values": 5}), "values"),
        (lambda: Choice("a, b"), "values"),
        (lambda: Uniform.of({"min_value": "low"}), "min_value"),
        (lambda: Uniform(0, max=1), "max"),
        (lambda: Choice([1, {"a": {"type": "uniform", "min_value": "x"}}]), "values.1.a.min_value"),
    ],
)
def test_what_is_no_argument_is_refused_by_its_name(wrong: Any, path: str) -> None:
    with pytest.raises(DraftError) as refused:
        wrong()
    assert [found for found, _ in refused.value.problems] == [path]


# ── from a command to its sweep ──


def test_inputs_that_are_distributions_vary_and_the_others_stay() -> None:
    job = _job()
    sweep = job(x=Choice([1, 2])).sweep(**WANTED, search_space={"z": Uniform(0, 1)})
    assert sweep.search_space == {"x": Choice([1, 2]), "z": Uniform(0, 1)}
    assert sweep.spec()["inputs"] == {"y": 0.5}
    assert job.spec()["inputs"] == {"x": 1, "y": 0.5}
    assert sweep.trial
    assert sweep.trial.command == "python a.py ${{search_space.x}} ${{inputs.y}}"


def test_a_distribution_may_be_an_input_from_the_start_or_be_taken_back() -> None:
    job = command(command="a ${{inputs.x}}", inputs={"x": Choice([1])})
    job.inputs["y"] = Uniform(0, 1)
    assert job.swept == {"x": Choice([1]), "y": Uniform(0, 1)}
    assert job(x=3).swept == {"y": Uniform(0, 1)}
    assert job.spec()["inputs"]["x"] == {"type": "choice", "values": [1]}


def test_a_trial_inherits_what_its_command_says() -> None:
    job = _job(
        compute="c", code="src", environment="e@latest", environment_variables={"A": "b"}, instance_count=2,
        timeout=90.5,
        distribution={"type": "mpi"}, outputs={"o": Output(type="uri_file")}, tags={"t": "u"}, job_tier="spot",
    )  # fmt: skip
    sweep = job(x=Choice([1])).sweep(**WANTED, max_total_trials=1, priority="low")
    spec = sweep.spec()
    assert spec["trial"] == {
        "command": "python a.py ${{search_space.x}} ${{inputs.y}}", "code": "src", "environment": "e@latest",
        "environment_variables": {"A": "b"}, "distribution": {"type": "mpi"}, "resources": {"instance_count": 2},
    }  # fmt: skip
    assert spec["limits"] == {"max_total_trials": 1, "trial_timeout": 91}
    assert (spec["compute"], spec["tags"], spec["outputs"]) == ("c", {"t": "u"}, {"o": {"type": "uri_file"}})
    assert spec["queue_settings"] == {"job_tier": "spot", "priority": "low"}
    assert SweepJob(trial=job, search_space={"x": Choice([1])}).inputs == job.inputs
    assert job.sweep(**WANTED, compute="other", trial_timeout=200).spec()["limits"] == {"trial_timeout": 200}


def test_a_component_may_be_a_trial() -> None:
    environment = Environment(image="x")
    component = CommandComponent(name="n", command="a ${{search_space.x}}", environment=environment, code="src")
    assert SweepJob(trial=component).trial == ParameterizedCommand.of(
        {"command": "a ${{search_space.x}}", "environment": environment, "code": "src"}
    )


def test_a_command_may_be_swept_many_times() -> None:
    job = _job()(x=Choice([1]))
    first, second = job.sweep(**WANTED), job.sweep(**WANTED)
    first.inputs["y"], first.search_space["x"] = 3, Choice([9])
    assert second.search_space == {"x": Choice([1])}
    assert second.spec()["inputs"] == {"y": 0.5}


# ── what decides ──


@pytest.mark.parametrize(("said", "kept"), [(0, 0), (None, None), (1, 60), (59, 60), (60, 60), (61, 61), (7200, 7200)])
def test_seconds_below_a_minute_are_a_minute(said: int | None, kept: int | None) -> None:
    limits = SweepJobLimits(timeout=said, trial_timeout=said)
    assert (limits.timeout, limits.trial_timeout) == (kept, kept)
    limits.timeout = 5
    assert limits.timeout == 60


def test_what_is_set_again_leaves_the_rest() -> None:
    sweep = SweepJob(trial={"command": "a"})
    sweep.set_limits(max_total_trials=9, timeout=30)
    sweep.set_limits(max_concurrent_trials=2)
    sweep.set_objective(primary_metric="acc")
    sweep.set_objective(goal="Maximize")
    sweep.set_resources(instance_count=2)
    sweep.set_resources(shm_size="1g")
    assert sweep.limits == SweepJobLimits(max_total_trials=9, timeout=60, max_concurrent_trials=2)
    assert sweep.objective == Objective("maximize", "acc")
    assert sweep.spec()["resources"] == {"instance_count": 2, "shm_size": "1g"}


def test_an_algorithm_is_a_word_or_has_options() -> None:
    sweep = SweepJob(sampling_algorithm="Grid")
    assert sweep.spec()["sampling_algorithm"] == "grid"
    sweep.sampling_algorithm = {"type": "random", "seed": 3}  # pyright: ignore[reportAttributeAccessIssue] - as YAML says it
    assert sweep.sampling_algorithm == RandomSamplingAlgorithm(seed=3)
    assert SweepJob(sampling_algorithm=GridSamplingAlgorithm()).spec()["sampling_algorithm"] == {"type": "grid"}


def test_an_unknown_algorithm_is_refused_in_azures_words_with_the_nearest() -> None:
    with pytest.raises(ValidationException, match=r"unsupported sampling algorithm: bayes\. Did you mean 'bayesian'"):
        _job().sweep(**WANTED, sampling_algorithm="bayes")


def test_of_policies_only_bandit_has_a_word() -> None:
    assert SweepJob(early_termination="Bandit").early_termination == BanditPolicy()
    with pytest.raises(ValidationException, match="early_termination: Received unsupported value 'median_stopping'"):
        SweepJob(early_termination="median_stopping")
    sweep = SweepJob()
    sweep.early_termination = MedianStoppingPolicy(delay_evaluation=5)
    assert sweep.spec()["early_termination"] == {"type": "median_stopping", "delay_evaluation": 5}


def test_null_says_nothing_in_a_policy() -> None:
    given = {"type": "bandit", "slack_factor": None, "slack_amount": 0.5, "evaluation_interval": None}
    assert SweepJob(early_termination=given).early_termination == BanditPolicy(slack_amount=0.5)
    median = {"type": "median_stopping", "evaluation_interval": None}
    assert SweepJob(early_termination=median).early_termination == MedianStoppingPolicy()


# ── YAML ──

YAML = """
type: sweep
trial: {command: "a ${{search_space.x}}", code: src, environment: {image: i, build: {path: docker}}}
inputs: {d: {type: uri_file, path: ../d.csv}}
search_space: {x: {type: choice, values: [1, 2]}}
objective: {goal: minimize, primary_metric: loss}
limits: {max_total_trials: 2}
"""


def _load(text: str, **options: Any) -> SweepJob:
    job = load_job(io.StringIO(text), **options)
    assert isinstance(job, SweepJob)
    return job


def test_paths_of_a_sweep_are_taken_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "sweep.yml").write_text(YAML)
    sweep = load_job(tmp_path / "deep" / "sweep.yml")
    assert isinstance(sweep, SweepJob)
    assert sweep.trial
    assert sweep.trial.code == f"{tmp_path}/deep/src"
    assert isinstance(sweep.trial.environment, Environment)
    assert sweep.trial.environment.build
    assert sweep.trial.environment.build.path == f"{tmp_path}/deep/docker"
    assert sweep.inputs["d"].path == f"{tmp_path}/d.csv"


def test_what_is_printed_loads_back() -> None:
    sweep = _job(code="/src")(x=Choice([{"a": Randint(2)}])).sweep(**WANTED, max_total_trials=2)
    assert _load(str(sweep)) == sweep
    sweep.resume_from = "earlier"
    assert _load(str(sweep)).resume_from == "earlier"
    assert _load(str(_returned())) == _returned()().model_copy(update={"name": "s1", "display_name": "s1"})


@pytest.mark.parametrize(
    ("override", "path", "told"),
    [
        ({"objective.goal": "maximise"}, "objective.goal", "Did you mean 'maximize'"),
        ({"early_termination": "bandit"}, "early_termination", "a mapping with a type"),
        ({"early_termination": {"type": "bandid"}}, "early_termination.type", "Did you mean 'bandit'"),
        ({"search_space.x.type": "choise"}, "search_space.x.type", "Did you mean 'choice'"),
        ({"search_space.x.value": [1]}, "search_space.x.value", "Did you mean 'values'"),
        ({"search_space.x": {"type": "uniform", "min_value": 0}}, "search_space.x.max_value", "required"),
        ({"search_space.x.values[1]": [2]}, "search_space.x.values.1", "is expected"),
        ({"search_space.x.values[1]": {"a": {"type": "unifrom"}}}, "search_space.x.values.1.a", "'uniform'"),
        ({"trial.comand": "b"}, "trial.comand", "Did you mean 'command'"),
        ({"limits": {"timeout": 60}}, "limits.max_total_trials", "required"),
        ({"sampling_algorithm": {"type": "random", "seeds": 1}}, "sampling_algorithm.seeds", "Did you mean 'seed'"),
        ({"tags": {"a": [1]}}, "tags.a", "a text is expected"),
        ({"identity": {"type": "user_idntity"}}, "identity.type", "Did you mean 'user_identity'"),
        ({"max_total_trials": 3}, "max_total_trials", "unknown field"),
    ],
)
def test_a_mistake_in_yaml_is_told_by_its_path(override: dict[str, Any], path: str, told: str) -> None:
    with pytest.raises(DraftError) as refused:
        _load(YAML, params_override=[override])
    found = dict(refused.value.problems)
    assert path in found, found
    assert told in found[path]


def test_a_managed_identity_has_two_names() -> None:
    identity = {"type": "managed", "client_id": "c"}
    assert _load(YAML, params_override=[{"identity": identity}]).identity == {
        "type": "managed_identity",
        "client_id": "c",
    }


# ── what the workspace returned ──


def test_a_returned_sweep_is_a_job_and_shows_itself() -> None:
    job = _returned()
    assert isinstance(job, Job)
    assert not isinstance(job, CommandJob)
    assert str(job).startswith("name: s1\nstatus: Completed\ntype: sweep\n")
    assert "<td>sweep</td>" in job._repr_html_()


def test_calling_a_returned_sweep_makes_a_new_draft() -> None:
    ours = {"best_child_run_id": "s1_0", "score": "0.1", "sampling.seed": "4", "mine": "x"}
    tracking = {"Tracking": {"endpoint": "x"}}
    draft = _returned(properties=ours, tags={"s1_0": "{}", "t": "u"}, services=tracking)(y=9)
    assert type(draft) is SweepJob
    assert (draft.name, draft.display_name, draft.properties, draft.tags) == (None, None, {"mine": "x"}, {"t": "u"})
    assert draft.spec()["inputs"] == {"y": 9}
    assert draft(y=Uniform(0, 1)).search_space == {"x": Choice([1, 2]), "y": Uniform(0, 1)}
    assert "services" not in draft.spec()


def test_a_returned_command_may_be_swept() -> None:
    job = CommandJob.of(
        {**_job().spec(), "name": "j1", "id": "i", "status": "Completed", "properties": {"azureml.x": "y"}}
    )
    sweep = job(x=Choice([1])).sweep(**WANTED)
    assert (sweep.name, sweep.properties) == (None, {})
    assert job.sweep(**WANTED, search_space={"x": Choice([1])}).name is None
    assert Input(type="integer", default=1) == job.inputs["x"]
