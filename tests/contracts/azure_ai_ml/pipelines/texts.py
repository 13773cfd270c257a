"""Pipelines as YAML that our loader and azure-ai-ml's both read. Texts only; files are named from this folder."""

_DATA = "inputs: {raw: {type: uri_folder, path: 'azureml:raw:1'}}"
_WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
_TWO = """
  a: {component: ./prepare.yml, inputs: {data: '${{parent.inputs.raw}}'}}
  b: {component: ./train.yml, inputs: {data: '${{parent.jobs.a.outputs.made}}', lr: 0.1}}
"""

YAML = {
    "two steps": f"type: pipeline\n{_DATA}\njobs: {_TWO}",
    "every name": f"""
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
name: own
display_name: Shown
experiment_name: exp
description: What it is for.
tags: {{a: b, n: '1'}}
compute: azureml:cpu
{_DATA}
settings:
  default_compute: azureml:cpu
  default_datastore: azureml:store
  continue_on_step_failure: false
  force_rerun: true
jobs: {_TWO}""",
    "inputs of every kind": """
type: pipeline
inputs:
  folder: {type: uri_folder, path: 'azureml:raw:1', mode: ro_mount}
  file: {type: uri_file, path: 'azureml://datastores/d/paths/f.csv', mode: download}
  table: {type: mltable, path: 'azureml:t@latest'}
  model: {type: mlflow_model, path: 'azureml:m:1'}
  here: {path: ./src}
  n: 3
  x: 0.5
  s: text
  b: true
jobs:
  a:
    component: ./prepare.yml
    inputs: {data: '${{parent.inputs.folder}}', rate: '${{parent.inputs.x}}', top: '${{parent.inputs.n}}'}
  b:
    component: ./train.yml
    inputs:
      data: '${{parent.inputs.here}}'
      lr: '${{parent.inputs.x}}'
      shuffle: '${{parent.inputs.b}}'
      label: '${{parent.inputs.s}}'
""",
    "outputs of every kind": """
type: pipeline
outputs:
  made: {type: uri_folder, mode: upload, path: 'azureml://datastores/d/paths/p'}
  model: {type: mlflow_model, mode: rw_mount, name: best, version: '3'}
jobs:
  a:
    component: ./prepare.yml
    inputs: {data: {type: uri_folder, path: 'azureml:raw:1'}}
    outputs: {made: '${{parent.outputs.made}}'}
  b:
    component: ./train.yml
    inputs: {data: '${{parent.jobs.a.outputs.made}}', lr: 1}
    outputs:
      model: '${{parent.outputs.model}}'
      report: {type: uri_file, mode: upload, path: 'azureml://datastores/d/paths/r'}
""",
    "components in every way": """
type: pipeline
jobs:
  a: {type: command, component: ./prepare.yml, inputs: {data: {path: 'azureml:raw:1', type: uri_folder}}}
  b: {component: 'file:prepare.yml', inputs: {data: '${{parent.jobs.a.outputs.made}}'}}
  c: {component: 'file:./prepare.yml', inputs: {data: '${{parent.jobs.b.outputs.made}}'}}
  d: {component: 'azureml:prepare:3', inputs: {data: '${{parent.jobs.c.outputs.made}}'}}
  e: {component: 'azureml:prepare@latest', inputs: {data: '${{parent.jobs.d.outputs.made}}'}}
  f:
    component:
      type: command
      command: echo ${{inputs.x}}
      environment: azureml:tools:1
      code: ./src
      inputs: {x: {type: uri_folder}}
      outputs: {y: {type: uri_folder}}
    inputs: {x: '${{parent.jobs.e.outputs.made}}'}
""",
    "what a step may say": f"""
type: pipeline
{_DATA}
jobs:
  a:
    type: command
    component: ./prepare.yml
    display_name: Shown
    comment: why
    compute: azureml:gpu
    environment_variables: {{A: b, N: '1'}}
    resources: {{instance_count: 3, instance_type: big}}
    distribution: {{type: mpi, process_count_per_instance: 2}}
    limits: {{timeout: 100}}
    identity: {{type: user_identity}}
    inputs:
      data: {{path: '${{{{parent.inputs.raw}}}}', mode: download}}
      rate: 0.25
      top: 4
    outputs:
      made: {{mode: upload}}
""",
    "commands in the steps": """
type: pipeline
inputs: {raw: {type: uri_folder, path: 'azureml:raw:1'}, lr: 0.5, n: 3, s: t, b: false}
outputs: {model: {type: uri_folder, mode: rw_mount}}
jobs:
  a:
    type: command
    command: python step.py ${{inputs.d}} ${{inputs.lr}} ${{inputs.n}} ${{inputs.k}} ${{outputs.o}}
    code: ./src
    environment: azureml:tools@latest
    compute: azureml:gpu
    inputs:
      d: '${{parent.inputs.raw}}'
      lr: '${{parent.inputs.lr}}'
      n: '${{parent.inputs.n}}'
      k: 7
      f: {type: uri_file, path: 'azureml://datastores/d/paths/f.csv', mode: download}
    outputs: {o: {type: uri_folder}, f: {type: uri_file, mode: upload}}
  b:
    command: echo ${{inputs.x}} ${{inputs.y}} ${{inputs.b}} > ${{outputs.m}}
    environment: azureml:tools:1
    environment_variables: {A: b}
    inputs: {x: '${{parent.jobs.a.outputs.o}}', y: '${{parent.jobs.a.outputs.f}}', b: '${{parent.inputs.b}}'}
    outputs: {m: '${{parent.outputs.model}}'}
  c:
    command: echo ${{inputs.s}}
    environment: azureml:tools:1
    inputs: {s: '${{parent.inputs.s}}'}
""",
    "an image in a step": """
type: pipeline
jobs:
  a: {command: echo hi, environment: {image: python}}
  b: {command: echo ho, environment: {image: 'python:3.11'}, resources: {instance_count: 2}}
""",
    "a command that reads a component": f"""
type: pipeline
{_DATA}
jobs:
  a: {{component: ./train.yml, inputs: {{data: '${{{{parent.inputs.raw}}}}', lr: 0.1}}}}
  b:
    command: echo ${{{{inputs.m}}}} ${{{{inputs.r}}}}
    environment: azureml:tools:1
    inputs: {{m: '${{{{parent.jobs.a.outputs.model}}}}', r: '${{{{parent.jobs.a.outputs.report}}}}'}}
""",
    "a sweep": f"""
type: pipeline
{_DATA}
jobs:
  a: {{component: ./prepare.yml, inputs: {{data: '${{{{parent.inputs.raw}}}}'}}}}
  s:
    type: sweep
    trial: ./train.yml
    compute: azureml:many
    inputs: {{data: '${{{{parent.jobs.a.outputs.made}}}}', label: z}}
    search_space: {{lr: {{type: uniform, min_value: 0.0, max_value: 1.0}}}}
    sampling_algorithm: random
    objective: {{goal: minimize, primary_metric: loss}}
    limits: {{max_total_trials: 6, max_concurrent_trials: 3, timeout: 600, trial_timeout: 120}}
    early_termination: {{type: bandit, slack_factor: 0.2, evaluation_interval: 1, delay_evaluation: 3}}
    outputs: {{model: {{mode: upload}}}}
  b: {{component: ./prepare.yml, inputs: {{data: '${{{{parent.jobs.s.outputs.model}}}}'}}}}
""",
    "a sweep over another algorithm": f"""
type: pipeline
{_DATA}
jobs:
  s:
    type: sweep
    trial: file:./train.yml
    inputs: {{data: '${{{{parent.inputs.raw}}}}'}}
    search_space:
      lr: {{type: loguniform, min_value: -6, max_value: -1}}
      label: {{type: choice, values: [a, b]}}
    sampling_algorithm: bayesian
    objective: {{goal: maximize, primary_metric: auc}}
    limits: {{max_total_trials: 4}}
""",
    "a pipeline within": f"""
type: pipeline
{_DATA}
outputs: {{model: {{type: mlflow_model}}}}
jobs:
  one: {{type: pipeline, component: ./both.yml, inputs: {{raw: '${{{{parent.inputs.raw}}}}', lr: 0.7}}}}
  two:
    type: pipeline
    component: ./both.yml
    inputs: {{raw: '${{{{parent.inputs.raw}}}}'}}
    outputs: {{model: '${{{{parent.outputs.model}}}}'}}
""",
    "before and after": f"""
type: pipeline
{_DATA}
settings: {{on_init: start, on_finalize: end}}
jobs:
  start: {{component: ./ask.yml}}
  work: {{component: ./prepare.yml, inputs: {{data: '${{{{parent.inputs.raw}}}}'}}}}
  end: {{component: ./ask.yml}}
""",
    "serverless": f"""
type: pipeline
{_DATA}
settings: {{default_compute: azureml:serverless}}
jobs: {_TWO}""",
    "names in braces": """
type: pipeline
outputs:
  made: {type: uri_folder, path: 'azureml://datastores/${{default_datastore}}/paths/${{name}}/made'}
jobs:
  a:
    component: ./prepare.yml
    inputs: {data: {type: uri_folder, path: 'azureml://datastores/d/paths/p'}}
    outputs: {made: '${{parent.outputs.made}}'}
""",
    "a default is given up": f"""
type: pipeline
{_DATA}
jobs:
  a: {{component: ./prepare.yml, inputs: {{data: '${{{{parent.inputs.raw}}}}', rate: 0, top: 0}}}}
  b:
    component: ./train.yml
    inputs: {{data: '${{{{parent.jobs.a.outputs.made}}}}', lr: 0, shuffle: false, label: ''}}
""",
    "if and else": """
type: pipeline
inputs: {raw: {type: uri_folder, path: 'azureml:raw:1'}}
jobs:
  a: {component: ./ask.yml}
  b: {component: ./prepare.yml, inputs: {data: '${{parent.inputs.raw}}'}}
  c: {component: ./prepare.yml, inputs: {data: '${{parent.inputs.raw}}'}}
  d:
    type: if_else
    condition: '${{parent.jobs.a.outputs.sure}}'
    true_block: '${{parent.jobs.b}}'
    false_block: '${{parent.jobs.c}}'
""",
    "do while": """
type: pipeline
jobs:
  body: {component: ./decide.yml, inputs: {i: 2}}
  loop:
    type: do_while
    body: '${{parent.jobs.body}}'
    condition: '${{parent.jobs.body.outputs.go}}'
    mapping: {'${{parent.jobs.body.outputs.next}}': '${{parent.jobs.body.inputs.data}}'}
    limits: {max_iteration_count: 4}
""",
    "for each": """
type: pipeline
inputs: {raw: {type: uri_folder, path: 'azureml:raw:1'}}
jobs:
  body: {component: ./prepare.yml, inputs: {data: '${{parent.inputs.raw}}'}}
  loop:
    type: parallel_for
    body: '${{parent.jobs.body}}'
    items: [{top: 1}, {top: 2}]
    max_concurrency: 1
""",
    "for each of a text, and its outputs": """
type: pipeline
inputs: {raw: {type: uri_folder, path: 'azureml:raw:1'}, several: '[{"top": 1}]'}
outputs: {all: {type: mltable}}
jobs:
  body: {component: ./prepare.yml, inputs: {data: '${{parent.inputs.raw}}'}}
  loop:
    type: parallel_for
    body: '${{parent.jobs.body}}'
    items: '{"a": {"top": 1}, "b": {"top": 2}}'
    outputs: {made: '${{parent.outputs.all}}'}
  other: {component: ./prepare.yml, inputs: {data: '${{parent.jobs.loop.outputs.made}}'}}
  again:
    type: parallel_for
    body: '${{parent.jobs.other}}'
    items: '${{parent.inputs.several}}'
    outputs: {made: {type: mltable, mode: rw_mount}}
""",
    "a component of the workspace": "type: pipeline\ncomponent: azureml:both:1\njobs: {}",
    "its latest version": "type: pipeline\ncomponent: azureml:both@latest",
    "a component of no version": "type: pipeline\ncomponent: azureml:both",
    "a component by its id": f"type: pipeline\ncomponent: azureml:{_WORKSPACE}/components/both/versions/1",
    "a component of a registry": "type: pipeline\ncomponent: azureml://registries/r/components/both/versions/1",
    "all that is said of a component": """
type: pipeline
component: azureml:both:1
name: own
display_name: Shown
experiment_name: exp
description: What it is for.
tags: {a: b}
compute: azureml:cpu
inputs:
  raw: {type: uri_folder, path: 'azureml:raw:1', mode: download}
  lr: 0.5
  n: 3
  s: text
  b: true
outputs:
  model: {mode: upload}
  other: {type: mlflow_model, path: 'azureml://datastores/d/paths/p', name: best, version: '3'}
settings:
  default_compute: azureml:cpu
  default_datastore: azureml:store
  continue_on_step_failure: false
  force_rerun: true
""",
    "a component of a file": f"type: pipeline\ncomponent: ./both.yml\n{_DATA}",
}

REFUSED = {
    "an unknown key": f"type: pipeline\n{_DATA}\nsurplus: 1\njobs: {_TWO}",
    "an unknown type of a step": "type: pipeline\njobs: {a: {type: comand, component: ./ask.yml}}",
    "a list of steps": "type: pipeline\njobs: [a]",
    "a step that is a text": "type: pipeline\njobs: {a: b}",
    "a component that is no file": "type: pipeline\njobs: {a: {component: ./none.yml}}",
    "jobs and a component": f"type: pipeline\n{_DATA}\ncomponent: azureml:both:1\njobs: {_TWO}",
    "a component that is named without azureml": "type: pipeline\ncomponent: both:1",
    "a component that is nothing": "type: pipeline\ncomponent:",
    "a component that is a number": "type: pipeline\ncomponent: 3",
    "a command's component": "type: pipeline\ncomponent: ./train.yml",
    "an unknown key beside a component": "type: pipeline\ncomponent: azureml:both:1\nsurplus: 1",
}
