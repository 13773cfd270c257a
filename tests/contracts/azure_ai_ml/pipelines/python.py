"""Pipelines as Python that our names and azure-ai-ml's both run. Texts only; each leaves a `job`."""

START = """
prepare = load_component(source="prepare.yml")
train = load_component(source="train.yml")
decide = load_component(source="decide.yml")
ask = load_component(source="ask.yml")
both = load_component(source="both.yml")
folder = Input(type="uri_folder", path="azureml:raw:1")
"""

PYTHON = {
    "two steps": """
@pipeline(default_compute="cpu", description="d", tags={"a": "b"}, experiment_name="e")
def two(raw, lr: float = 0.1):
    first = prepare(data=raw)
    second = train(data=first.outputs.made, lr=lr)
    return {"model": second.outputs.model, "made": first.outputs.made}
job = two(raw=folder)
""",
    "parameters of every kind": """
@pipeline()
def kinds(raw: Input(type="uri_folder"), n: int, x: float, s: str, b: bool, k: Input(type="number") = 0.25, t="t"):
    a = prepare(data=raw, rate=x, top=n)
    c = train(data=raw, lr=k, shuffle=b, label=s)
    d = train(data=raw, lr=k, label=t)
job = kinds(folder, 3, 2, "v", False)
""",
    "defaults are inputs": """
@pipeline
def defaults(raw=None, n: int = 4, s="x", b=True):
    a = prepare(data=raw, top=n)
    c = train(data=a.outputs.made, label=s, shuffle=b, lr=0.5)
job = defaults(raw=folder, n=5)
""",
    "a docstring": '''
@pipeline()
def documented(raw):
    """What it is for."""
    a = prepare(data=raw)
job = documented(folder)
''',
    "names of the decorator": """
@pipeline(name="own", display_name="Own name", version="3", compute="c", default_datastore="d", force_rerun=True,
          continue_on_step_failure=True)
def named(raw):
    a = prepare(data=raw)
job = named(folder)
""",
    "nobody names three": """
@pipeline()
def anonymous(raw):
    prepare(data=raw)
    prepare(data=raw)
    prepare(data=raw, rate=1)
job = anonymous(folder)
""",
    "one of them is named": """
@pipeline()
def some(raw):
    first = prepare(data=raw)
    prepare(data=raw)
    train(data=raw, lr=1)
    prepare(data=raw)
job = some(folder)
""",
    "named by hand": """
@pipeline()
def by_hand(raw):
    first = prepare(data=raw)
    first.name = "mine"
    _ = prepare(data=raw)
    second = train(data=first.outputs.made, lr=1)
job = by_hand(folder)
""",
    "a loop's variable": """
@pipeline()
def loop(raw):
    for _ in range(3):
        step = prepare(data=raw)
    last = train(data=step.outputs.made, lr=1)
job = loop(folder)
""",
    "two variables of one step": """
@pipeline()
def alias(raw):
    one = prepare(data=raw)
    two = one
    end = train(data=two.outputs.made, lr=1)
job = alias(folder)
""",
    "capitals and dashes in a component's name": """
odd = command(name="My-Thing.2", command="echo", environment="azureml:tools:1")
@pipeline()
def odd_names():
    odd()
    odd()
job = odd_names()
""",
    "a chain of ten": """
@pipeline()
def chain(raw):
    step = prepare(data=raw)
    for n in range(9):
        step = prepare(data=step.outputs.made, top=n)
    return {"end": step.outputs.made}
job = chain(folder)
""",
    "a diamond": """
@pipeline()
def diamond(raw):
    top = prepare(data=raw)
    left = prepare(data=top.outputs.made, rate=0.1)
    right = prepare(data=top.outputs.made, rate=0.9)
    join = command(command="echo ${{inputs.a}} ${{inputs.b}}", environment="azureml:tools:1",
                   inputs={"a": Input(type="uri_folder"), "b": Input(type="uri_folder")})
    bottom = join(a=left.outputs.made, b=right.outputs.made)
job = diamond(folder)
""",
    "what a step may say": """
@pipeline(default_compute="cpu")
def said(raw):
    a = prepare(data=raw)
    a.compute = "gpu"
    a.environment_variables = {"A": "1", "B": "x"}
    a.set_limits(timeout=120)
    a.inputs.data.mode = "download"
    a.outputs.made.mode = "upload"
    a.inputs.top = 7
    a.comment = "why"
    b = train(data=a.outputs.made, lr=0.1)
    b.outputs.report = Output(type="uri_file", mode="rw_mount", path="azureml://datastores/d/paths/p",
                              name="r", version="2")
    b.identity = UserIdentityConfiguration()
job = said(folder)
""",
    "resources of a step": """
@pipeline()
def asked(raw):
    a = prepare(data=raw)
    a.resources = ResourceConfiguration(instance_count=3, instance_type="big")
    b = train(data=a.outputs.made, lr=0.1)
job = asked(folder)
""",
    "outputs said before they are returned": """
@pipeline()
def returned(raw):
    a = prepare(data=raw)
    a.outputs.made.mode = "upload"
    a.outputs.made.name = "kept"
    a.outputs.made.path = "azureml://datastores/d/paths/kept"
    return {"out": a.outputs.made}
job = returned(folder)
""",
    "edited after the call": """
@pipeline(default_compute="cpu")
def edited(raw, lr: float = 0.1):
    a = prepare(data=raw)
    b = train(data=a.outputs.made, lr=lr)
    return {"model": b.outputs.model}
job = edited(folder)
job.inputs.lr = 0.7
job.inputs.raw = Input(type="uri_folder", path="azureml:other:2", mode="ro_mount")
job.outputs.model.mode = "upload"
job.outputs.model.name = "best"
job.settings.default_compute = "gpu"
job.settings.default_datastore = "store"
job.settings.force_rerun = True
job.settings.continue_on_step_failure = False
job.compute = "last"
job.display_name = "shown"
job.experiment_name = "exp"
job.tags["x"] = "y"
job.jobs["a"].compute = "own"
job.jobs["a"].inputs.rate = 0.3
""",
    "literals and data given to steps": """
@pipeline()
def literals():
    a = prepare(data=Input(type="uri_folder", path="azureml://datastores/d/paths/p", mode="download"), rate=0.25, top=4)
    b = train(data=Input(path="azureml:raw@latest"), lr=1, shuffle=False, label="z")
job = literals()
""",
    "a pipeline within": """
@pipeline()
def inner(raw: Input(type="uri_folder"), lr: float = 0.2):
    a = prepare(data=raw)
    b = train(data=a.outputs.made, lr=lr)
    return {"model": b.outputs.model, "report": b.outputs.report}
@pipeline(default_compute="cpu")
def outer(raw, lr: float = 0.3):
    one = inner(raw=raw, lr=lr)
    two = inner(raw)
    end = command(command="echo ${{inputs.r}}", environment="azureml:tools:1", inputs={"r": Input(type="uri_file")})
    last = end(r=one.outputs.report)
    return {"model": two.outputs.model}
job = outer(folder)
""",
    "types that a pipeline within is given": """
@pipeline()
def inner(raw, n, s):
    a = prepare(data=raw, top=n)
    b = train(data=raw, label=s, lr=1)
    return {"made": a.outputs.made}
@pipeline()
def outer(raw):
    one = prepare(data=raw)
    two = inner(raw=one.outputs.made, n=3, s="x")
    three = inner(two.outputs.made, 4, "y")
job = outer(folder)
""",
    "three deep": """
@pipeline()
def a(raw: Input(type="uri_folder")):
    s = prepare(data=raw)
    return {"o": s.outputs.made}
@pipeline()
def b(raw: Input(type="uri_folder")):
    s = a(raw=raw)
    return {"o": s.outputs.o}
@pipeline()
def c(raw):
    s = b(raw=raw)
    t = b(raw=s.outputs.o)
    return {"o": t.outputs.o}
job = c(folder)
""",
    "a step where its output is meant": """
@pipeline()
def inner(raw: Input(type="uri_folder")):
    s = prepare(data=raw)
    return {"o": s.outputs.made}
@pipeline()
def whole(raw):
    one = prepare(data=raw)
    two = prepare(data=one)
    three = inner(raw=two)
    four = prepare(data=three)
job = whole(folder)
""",
    "a component of pipeline YAML": """
@pipeline()
def of_yaml(raw):
    one = both(raw=raw, lr=0.3)
    two = both(raw=raw)
    return {"model": one.outputs.model}
job = of_yaml(folder)
""",
    "a command as a component": """
say = command(name="say", display_name="Say", command="echo ${{inputs.x}} > ${{outputs.y}}", code="./src",
              environment="azureml:tools:1", compute="own", environment_variables={"A": "b"},
              inputs={"x": Input(type="string", default="d"), "f": Input(type="uri_folder", path="azureml:raw:1")},
              outputs={"y": Output(type="uri_folder", mode="rw_mount")})
@pipeline()
def commands(text: str = "t"):
    a = say(x=text)
    b = say(f=a.outputs.y)
    c = say()
    return {"y": b.outputs.y}
job = commands()
""",
    "a command with everything": """
full = command(command="python step.py --n ${{inputs.n}}", code="src", environment="azureml:tools@latest",
               inputs={"n": 3, "m": 0.5, "b": True}, instance_count=2, timeout=60,
               distribution=PyTorchDistribution(process_count_per_instance=2))
@pipeline()
def fully(n: int = 1):
    a = full(n=n)
    b = full(m=0.75)
job = fully()
""",
    "a sweep": """
@pipeline()
def swept(raw):
    first = prepare(data=raw)
    trial = train(data=first.outputs.made, lr=Uniform(0, 1), label=Choice(["a", "b"]))
    best = trial.sweep(primary_metric="acc", goal="maximize", sampling_algorithm="random", compute="many")
    best.set_limits(max_total_trials=8, max_concurrent_trials=2, timeout=600)
    best.early_termination = BanditPolicy(slack_factor=0.1, evaluation_interval=2)
    best.outputs.model.mode = "upload"
    last = train(data=raw, lr=0.5)
    return {"model": best.outputs.model}
job = swept(folder)
""",
    "a sweep of a command": """
job_ = command(command="python step.py ${{inputs.x}} ${{inputs.y}}", code="src", environment="azureml:tools:1",
               inputs={"x": 1, "y": 2})
@pipeline()
def swept():
    trial = job_(x=Choice([1, 2, 3]))
    s = trial.sweep(primary_metric="m", goal="minimize", sampling_algorithm=GridSamplingAlgorithm(), max_total_trials=3)
    s.early_termination = MedianStoppingPolicy(delay_evaluation=5, evaluation_interval=1)
job = swept()
""",
    "before and after": """
@pipeline(on_init="start", on_finalize="end")
def ends(raw):
    start = ask()
    middle = prepare(data=raw)
    end = ask()
job = ends(folder)
""",
    "ends that the function says": """
@pipeline()
def ends(raw):
    start = ask()
    middle = prepare(data=raw)
    end = ask()
    set_pipeline_settings(on_init=start, on_finalize=end)
job = ends(folder)
""",
    "values that are no inputs": """
@pipeline(non_pipeline_inputs=["twice"])
def plain(raw, twice):
    one = prepare(data=raw)
    if twice:
        two = prepare(data=one.outputs.made)
job = plain(raw=folder, twice=True)
""",
    "an optional parameter that nobody gives": """
@pipeline()
def optional(raw, top: int = None):
    a = prepare(data=raw, top=top)
job = optional(folder)
""",
    "if and else": """
@pipeline()
def either(raw, flag: bool = True):
    a = ask()
    b = prepare(data=raw)
    c = prepare(data=raw)
    d = prepare(data=raw)
    if_else(a.outputs.sure, true_block=b, false_block=[c, d])
    if_else(a, true_block=b)
    chosen = if_else(flag, false_block=c)
job = either(folder)
""",
    "do while": """
@pipeline()
def again(n: int = 3):
    body = decide(i=n)
    loop = do_while(body=body, mapping={body.outputs.next: body.inputs.data}, condition=body.outputs.go,
                    max_iteration_count=5)
    after = prepare(data=body.outputs.next)
job = again()
""",
    "for each": """
@pipeline()
def each(raw):
    body = prepare(data=raw)
    rounds = parallel_for(body=body, items=[{"top": 1}, {"top": 2}], max_concurrency=2)
    other = prepare(data=raw)
    named = parallel_for(body=other, items={"a": {"rate": 0.1}, "b": {"rate": 0.2}})
job = each(folder)
""",
    "for each, and what all made": """
@pipeline(default_compute="c")
def each(raw, text: str, n: int):
    body = prepare(data=raw)
    rounds = parallel_for(body=body, items=[{"top": 1, "rate": n}, {"top": 2, "rate": n}])
    after = train(data=rounds.outputs.made)
    other = prepare(data=raw)
    bound = parallel_for(body=other, items=text, max_concurrency=3)
    return {"all": rounds.outputs.made, "others": bound.outputs.made}
job = each(folder, "[]", 2)
""",
    "for each of a text": """
@pipeline()
def each(raw):
    body = prepare(data=raw)
    rounds = parallel_for(body=body, items='[{"top": 1}, {"top": 2}]')
    rounds.outputs.made.mode = "upload"
    other = decide()
    values = parallel_for(body=other, items='{"a": {"i": 1}, "b": {"i": 2}}')
    last = ask(question=values.outputs.go) if False else decide(data=values.outputs.next)
job = each(folder)
""",
    "for each, a pipeline": """
@pipeline()
def inner(raw, n: int):
    a = prepare(data=raw, top=n)
    return {"made": a.outputs.made}
@pipeline()
def outer(raw):
    body = inner(raw=raw)
    rounds = parallel_for(body=body, items=[{"n": 1}, {"n": 2}])
    last = prepare(data=rounds.outputs.made)
job = outer(folder)
""",
}
