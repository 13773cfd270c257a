"""Pipelines as Python that azure-ai-ml refuses to build, or finds fault with. Texts only."""

REFUSED = {
    "a variable with a capital": "@pipeline()\ndef p():\n    Foo = ask()\njob = p()",
    "two steps of one name": "@pipeline()\ndef p():\n    a = ask()\n    b = ask()\n    b.name = 'a'\njob = p()",
    "any number of arguments": "@pipeline()\ndef p(*args):\n    pass\njob = p()",
    "a list is returned": "@pipeline()\ndef p():\n    a = ask()\n    return [a.outputs.sure]\njob = p()",
    "a number is returned": "@pipeline()\ndef p():\n    a = ask()\n    return {'x': 3}\njob = p()",
    "an input is returned": "@pipeline()\ndef p(x: int = 1):\n    a = ask()\n    return {'x': x}\njob = p()",
    "an unknown input": "job = prepare(z=1)",
    "an input by its place": "job = prepare(1.0)",
    "an unknown parameter": "@pipeline()\ndef p(a: int):\n    pass\njob = p(b=1)",
    "one argument twice": "@pipeline()\ndef p(a: int):\n    pass\njob = p(1, a=2)",
    "an object as an argument": "@pipeline()\ndef p(a):\n    pass\njob = p([1])",
    "an object as an input": "@pipeline()\ndef p():\n    a = prepare(data=[1])\njob = p()",
    "an unknown output": """
@pipeline()
def p():
    a = prepare(data=folder)
    b = prepare(data=a.outputs.mode_)
job = p()
""",
    "an annotation of another type": "@pipeline()\ndef p(a: dict):\n    pass\njob = p({})",
    "ends within": """
@pipeline(on_init='a')
def q():
    a = ask()
    b = ask()
@pipeline()
def p():
    s = q()
job = p()
""",
    "a condition of two outputs": """
@pipeline()
def p():
    a = decide()
    b = ask()
    if_else(a, true_block=b)
job = p()
""",
    "names that are no parameters": "@pipeline(non_pipeline_inputs=['z'])\ndef p(a: int):\n    pass\njob = p(1)",
}
"""What both refuse, ours in Azure's own words."""

TOLD = {
    "nothing is given": """
@pipeline(default_compute='c')
def p(raw, m: int = None):
    a = prepare(data=raw, rate=m)
job = p()
""",
    "a step lacks inputs": """
@pipeline(default_compute='c')
def p():
    a = prepare()
    b = train(data=a)
job = p()
""",
    "an end that is none": """
@pipeline(default_compute='c', on_init='zz')
def p():
    a = ask()
    b = ask()
job = p()
""",
    "one step at both ends": """
@pipeline(default_compute='c', on_init='a', on_finalize='a')
def p():
    a = ask()
    b = ask()
job = p()
""",
    "an end that others read": """
@pipeline(default_compute='c', on_init='a')
def p():
    a = prepare(data=folder)
    b = prepare(data=a.outputs.made)
job = p()
""",
    "nothing but ends": """
@pipeline(default_compute='c', on_init='a', on_finalize='b')
def p():
    a = ask()
    b = ask()
job = p()
""",
    "too many rounds": """
@pipeline(default_compute='c')
def p():
    a = decide()
    b = do_while(body=a, mapping={a.outputs.next: a.inputs.data}, condition=a.outputs.go, max_iteration_count=2000)
job = p()
""",
    "no items": """
@pipeline(default_compute='c')
def p():
    a = decide()
    b = parallel_for(body=a, items=[])
job = p()
""",
    "a body of two loops": """
@pipeline(default_compute='c')
def p():
    a = decide()
    b = parallel_for(body=a, items=[{'i': 1}])
    c = parallel_for(body=a, items=[{'i': 2}])
job = p()
""",
    "an end of a component of the workspace": """
job = PipelineJob(component='azureml:both:1', settings=PipelineJobSettings(on_init='a'))
""",
    "ends of a component of the workspace": """
job = PipelineJob(component='azureml:both:1', settings=PipelineJobSettings(on_init='a', on_finalize='b'))
""",
    "a component's file is given nothing": """
job = PipelineJob(component=both, settings=PipelineJobSettings(default_compute='c'))
""",
}
"""What both build and validation tells; where Azure has words, ours are the same."""
