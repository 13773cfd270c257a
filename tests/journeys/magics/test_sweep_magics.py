"""Claims about the magics of sweeps, made in a real kernel against real trials."""

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel

ML = "__import__('jupyter_aml').MLClient.default()"


def log(kernel: "Kernel") -> None:
    """Give the notebook a function that logs a value as MLflow does, in a trial that need not wait for the library."""
    kernel.run(
        f"home = str({ML}.workspace.folder.tracking_database)\n"
        "def log(value):\n"
        "    import os, sqlite3, time\n"
        "    db = sqlite3.connect(home, timeout=60, isolation_level=None)\n"
        "    run, now = os.environ['AZUREML_RUN_ID'], time.time_ns()\n"
        "    for table in ('metrics', 'latest_metrics'):\n"
        "        db.execute(f'INSERT OR REPLACE INTO {table} (key, value, timestamp, run_uuid, step, is_nan) '\n"
        "                   'VALUES (?, ?, ?, ?, 0, 0)', ('m', value, now, run))\n"
        "    db.close()"
    )


def test_a_cell_is_tried_with_the_notebooks_variables_and_its_best_trial_is_a_job(kernel: "Kernel") -> None:
    log(kernel)
    kernel.run("base = 40\ndef plus(a): return a + base * far")
    seen = kernel.run(
        '%%aml_sweep --space far=uniform(0, 1) --space "depth=choice(3, 5)" --metric m --trials 3 --seed 5 --wait '
        "--name first --experiment tuning --tag who=me --description 'of f(x)'\nprint(depth)\nlog(plus(depth))"
    )
    assert seen.status == "ok", seen.text + seen.error
    assert "Taken along: " in seen.text
    assert "base (int" in seen.text
    assert f"3 trials, {min(3, os.cpu_count() or 1)} at once on serverless" in seen.text
    assert "3 of 3 trials are over: 3 completed." in seen.html[-1]
    kernel.run("best = %aml_sweep best\ntrials = %aml_sweep trials")
    assert kernel.value("(best.name == trials[0].name, best.type, len(trials))") == "(True, 'command', 3)"
    assert kernel.value("(best.experiment_name, _aml_sweep.tags, _aml_sweep.description)") == (
        "('tuning', {'who': 'me'}, 'of f(x)')"
    )
    kernel.run("%%aml_sweep --space far=uniform(0,1) --space depth=choice(3,5) --metric m --trials 3 --seed 5 "
               "--wait --name again\nlog(plus(depth))")  # fmt: skip
    kernel.run("same = %aml_sweep trials")
    assert kernel.value("[one.params for one in same] == [one.params for one in trials]") == "True"
    assert kernel.run("%aml_jobs").text.endswith("  who=me"), "the values of trials are no tags that people gave"
    assert "Downloaded the best trial, " in kernel.run("%aml_sweep download first --path got").text
    assert kernel.value("open('got/artifacts/user_logs/std_log.txt').read().strip() in ('3', '5')") == "True"


def test_a_parameter_is_what_was_chosen_whatever_it_is(kernel: "Kernel") -> None:
    log(kernel)
    seen = kernel.run(
        '%%aml_sweep --space a=choice(1, 0.5) --space b=choice({"n": 1}, [1, 2], none, None, True) '
        '--space c=choice("1", "x y") --space d=choice(True) --metric m --sampling grid --name kinds --wait\n'
        "open('outputs/a.txt', 'w').write(repr((a, b, c, d)))\nlog(a)"
    )
    assert seen.status == "ok", seen.text + seen.error
    assert "20 of 20 trials are over" in seen.html[-1], "a grid is tried whole when nothing is said"
    folders = f"[{ML}.workspace.folder.artifacts(f'kinds_{{n}}') / 'outputs/a.txt' for n in range(20)]"
    found = kernel.value(f"sorted(path.read_text() for path in {folders})")
    kinds = ("{'n': 1}", "[1, 2]", "'none'", "None", "True")
    wanted = [f"({a}, {b}, {c!r}, True)" for a in (1, 0.5) for b in kinds for c in ("1", "x y")]
    assert found == repr(sorted(wanted))


def test_an_earlier_job_a_yaml_and_a_sweep_are_tried_again_with_what_the_line_says(kernel: "Kernel") -> None:
    kernel.run("import os, json; os.mkdir('src'); open('src/t.sh', 'w').write('echo $1 $2 $WHO')")
    kernel.run(
        "%%writefile job.yml\ncommand: bash t.sh ${{inputs.x}} ${{inputs.y}}\ncode: src\n"
        "environment: azureml:sklearn-1.5@latest\ninputs: {x: 1, y: 2}\nexperiment_name: of_yaml"
    )
    options = "--metric m --sampling grid --env WHO=me"
    assert "1 trial on" in kernel.run(f"%aml_sweep job.yml --space x=choice(7) {options} --name one --input y=8").text
    kernel.run("%aml_sweep wait")
    assert "7 8 me" in kernel.run("%aml_job stream one_0").text
    assert kernel.value("_aml_sweep.experiment_name") == "of_yaml"
    kernel.run(f"%aml_sweep one_0 --space y=choice(5) {options} --name two --experiment ours")
    kernel.run("%aml_sweep wait two")
    assert "7 5 me" in kernel.run("%aml_job stream two_0").text
    kernel.run("%aml_sweep two --space y=choice(6) --name three --env WHO=you")
    kernel.run("%aml_sweep wait")
    assert "7 6 you" in kernel.run("%aml_job stream three_0").text
    assert kernel.value("(_aml_sweep.name, _aml_sweep.experiment_name)") == "('three', 'ours')"


def test_a_finished_sweep_goes_on_as_another_one(kernel: "Kernel") -> None:
    log(kernel)
    kernel.run("%%aml_sweep --space x=choice(1,2,3,4) --metric m --sampling grid --trials 2 --wait --name a\nlog(x)")
    assert kernel.run("%aml_sweep extend --trials 5 --name b --wait").status == "ok"
    kernel.run("trials = %aml_sweep trials")
    assert kernel.value("sorted(one.params['x'] for one in trials)") == "[3, 4]"
    assert kernel.value("_aml_sweep.name") == "b"


def test_ctrl_c_ends_the_waiting_and_not_the_sweep(kernel: "Kernel") -> None:
    seen = kernel.interrupted("%%aml_sweep --space x=choice(1,2) --metric m --name long --wait\nimport time\n"
                              "time.sleep(600 + x)")  # fmt: skip
    assert seen.status == "error", "what stands below must not run on"
    assert "long goes on. Follow it: %aml_sweep stream long   End it: %aml_sweep cancel long" in seen.text
    assert kernel.value(f"{ML}.jobs.get('long').status") == "Running"
    assert "Asked for the end of long and of its trials." in kernel.run("%aml_sweep cancel").text
    kernel.run("%aml_sweep wait")
    assert "long is over: Canceled." in kernel.run("%aml_sweep cancel long").text


REFUSED = [
    ("--space x=unifrom(0,1) --metric m\nx", "--space x: 'unifrom' is unknown.\nDid you mean 'uniform'?"),
    ("--space x=uniform(0) --metric m\nx", "--space x: uniform needs max_value too.\nuniform(min_value, max_value)"),
    ("--space x=uniform(0,1,2) --metric m\nx", "--space x: uniform takes 2 values.\nuniform(min_value, max_value)"),
    ("--space x=uniform(1,0) --metric m\nx", "--space x: min_value: 1 is not below max_value, which is 0."),
    (
        "--space x=uniform(a,1) --metric m\nx",
        "--space x: uniform takes numbers, not 'a'.\nuniform(min_value, max_value)",
    ),
    ("--space x=choice() --metric m\nx", "--space x: choice has no values.\nE.g. "),
    ("--space x=choice(1,2 --metric m\nx", "--space x: in 'choice(1,2 --metric m' a bracket is not closed."),
    ("--space x=choice(open('a')) --metric m\nx", "--space x: 'choice(open('a'))' cannot be read: "),
    ("--space x=0.5 --metric m\nx", "--space x: '0.5' is no expression.\nE.g. "),
    ("--space 1x=uniform(0,1) --metric m\nx", "--space 1x: '1x' is no name of a variable."),
    ("--space x=uniform(0,1) x=uniform(0,2) --metric m\nx", "--space x was given twice."),
    ("--space x=uniform(0,1) --input x=3 --metric m\nx", "'x' is given by --input and by --space."),
    ("--space rate=uniform(0,1) --metric m\nprint(rat)", "the cell never uses 'rate'.\nDid you mean 'rat'?"),
    ("--metric m\nx", "--space is needed: nothing varies."),
    ("--space x=uniform(0,1)\nx", "--metric is needed.\nThe name under which a trial logs what is wanted."),
    ("--space x=uniform(0,1) --metric m --sampling grid\nx", "search_space.x: grid sampling tries every value, and "),
    ("--space x=normal(0,1) --metric m --sampling bayesian\nx", "search_space.x: bayesian sampling does not support "),
    ("--space x=uniform(0,1) --metric m --sampling baysian\nx", "--sampling: there is no 'baysian'.\nDid you mean 'b"),
    (
        "--space x=uniform(0,1) --metric m --goal maximise\nx",
        "--goal: there is no 'maximise'.\nDid you mean 'maximize'?",
    ),
    ("--space x=uniform(0,1) --metric m --policy bandid\nx", "--policy: 'bandid' is unknown.\nDid you mean 'bandit'?"),
    ("--space x=uniform(0,1) --metric m --policy bandit(slack=1)\nx", "--policy: bandit has no 'slack'."),
    ("--space x=uniform(0,1) --metric m --policy bandit(a)\nx", "--policy: slack_factor is a number, not 'a'."),
    ("--space x=uniform(0,1) --metric m --trials 0\nx", "--trials: a number from 1 on is expected, found '0'."),
    ("--space x=uniform(0,1) --metric m --trials 2 --concurrent 5\nx", "limits.max_concurrent_trials: 5 is more than "),
    ("--space x=uniform(0,1) --metric m --trails 2\nx", "There is no option --trails.\nDid you mean '--trials'?"),
    ("--space x=uniform(0,1) --metric m --wait --no-wait\nx", "--wait and --no-wait exclude each other."),
    ("--space x=uniform(0,1) --metric m --compute lokal-cluster\nx", "Did you mean 'local-cluster'?"),
    ("--space x=uniform(0,1) --metric m\nprint(x", "SyntaxError: '(' was never closed"),
    ("--space x=uniform(0,1) --metric m\nprint(x, lock)", "'lock' (_thread.lock) cannot be sent to a job"),
]
REFUSED_LINES = [
    (
        "%aml_sweep bset",
        "'bset' is no job of this workspace, and not something to do with a sweep.\nDid you mean 'best'?",
    ),
    ("%aml_sweep best", "%aml_sweep best needs a sweep's name.\n%aml_jobs lists them."),
    ("%aml_sweep nowhere.yml", "No such file or directory: nowhere.yml"),
    ("%aml_sweep extend some", "%aml_sweep extend needs --trials N.\nHow many more are to be tried?"),
    ("%aml_sweep trials some --metric m", "%aml_sweep trials takes no --metric.\nIt takes no option."),
    ("%aml_sweep show a b", "Not expected here: 'b'."),
]


def test_bad_input_is_refused_in_one_message_before_anything_is_stored(kernel: "Kernel") -> None:
    kernel.run("import threading; lock = threading.Lock()")
    for cell, said in [(f"%%aml_sweep {cell}", said) for cell, said in REFUSED] + REFUSED_LINES:
        seen = kernel.run(cell)
        assert (seen.status, said in seen.text, "Traceback" in seen.text) == ("error", True, False), (cell, seen.text)
        assert len(re.findall("UsageError", seen.text)) == 1, seen.text
    assert kernel.run("%aml_jobs").text.strip() == "No jobs."
    assert kernel.value(f"len({ML}.facts.since())") == "0"


def test_tab_completes_what_a_sweep_takes(kernel: "Kernel") -> None:
    log(kernel)
    kernel.run("%%aml_sweep --space x=choice(1) --metric m --sampling grid --name tab_sweep --wait\nlog(x)")
    kernel.run("open('sweep.yml', 'w').close(); open('notes.txt', 'w').close()")
    assert kernel.completions("%%aml_sweep --goal m") == ["maximize", "minimize"]
    assert sorted(kernel.completions("%%aml_sweep --sampling ")) == ["bayesian", "grid", "random", "sobol"]
    assert sorted(kernel.completions("%%aml_sweep --space x=log")) == ["x=lognormal(", "x=loguniform("]
    assert kernel.completions("%%aml_sweep --policy med") == ["median_stopping"]
    assert {"--space", "--seed", "--policy"} <= set(
        kernel.completions("%%aml_sweep --s") + kernel.completions("%%aml_sweep --p")
    )
    assert kernel.completions("%aml_sweep tri") == ["trials"]
    assert kernel.completions("%aml_sweep sw") == ["sweep.yml"]
    assert kernel.completions("%aml_sweep best ") == ["tab_sweep"]
    assert kernel.completions("%aml_sweep extend --tr") == ["--trials"]
    assert kernel.completions("%aml_sweep download --p") == ["--path"]
    assert kernel.completions("%aml_sweep tab_") == ["tab_sweep", "tab_sweep_0"]
