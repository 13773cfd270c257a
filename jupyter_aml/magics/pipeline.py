"""`%%aml_pipeline`, `%aml_pipeline`, `%%aml_component`: calls that are submitted or asked about, a function registered.

Parses, builds, makes one call, shows.
"""

import ast
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, cast

from IPython.core.magic import Magics, line_cell_magic, magics_class

from jupyter_aml.exceptions import ResourceExistsError, ResourceNotFoundError, UserErrorException
from jupyter_aml.magics import job as jobs
from jupyter_aml.magics import options, pipelined
from jupyter_aml.magics.nouns import carried_out, help_of
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import Line, parse, split, usage, whole
from jupyter_aml.magics.session import SESSION
from jupyter_aml.verbs.component import NOUN

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.entities.component import Component
    from jupyter_aml.entities.pipeline_job import PipelineJob

LAST: Final = "_aml_pipeline"
"""The variable that holds the pipeline which was submitted last."""
_FUNCTION: Final = "pipeline"


@magics_class
class PipelineMagics(Magics):
    """Magics about pipelines and what they are made of."""

    @line_cell_magic
    @plain
    def aml_pipeline(self, line: str, cell: str | None = None) -> object:
        """Run the steps that this cell calls as a pipeline; or ask about a pipeline.

        %%aml_pipeline [options]    Each call of a component is a step, called as its variable is; what one step gives
                                    to another says which waits for which. `return {"name": step.outputs.name}` at the
                                    cell's end declares outputs of the pipeline. Inputs are variables in the cell.
        %aml_pipeline FILE.yml [options]    As a pipeline's YAML says, with what the line says instead.
        %aml_pipeline show|stream|wait|cancel|steps|download [NAME]    NAME: the last one submitted.
        %aml_pipeline rerun [NAME] [options]    Once more, with what the line says instead.
        %aml_pipeline list [--experiment NAME] [--status STATUS] [--max N] [--archived]

        The cell draws the graph, as a function of its own: its variables stay in it. The submitted pipeline is in the
        variable `_aml_pipeline`. Options:
        {options}
        Of %aml_pipeline download: --path DIR, --output NAME, --all.

        Examples
        --------
        %%aml_pipeline --experiment demo --input rate=0.1 --wait
        prepared = prepare(data=Input(type="uri_file", path="data.csv"))
        trained = train(parts=prepared.outputs.parts, rate=rate)
        return {"model": trained.outputs.model}

        %aml_pipeline steps
        """
        if cell is None:
            return self._act(parse(line, options.OF_MAGIC["%aml_pipeline"], most_words=2))
        line, cell = whole(line, cell)
        asked = parse(line, options.PIPELINE)
        jobs.refuse_both(asked, "--wait", "--no-wait")
        return self._submit(self._drawn(asked, cell), asked)

    @line_cell_magic
    @plain
    def aml_component(self, line: str, cell: str | None = None) -> object:
        words = split(line.rstrip("\\ "))
        if cell is None or (words and words[0] in NOUN.verbs):
            return carried_out(NOUN, line, cell)
        options_, body = whole(line, cell)
        if len(names := _functions(self._shell, body)) != 1:
            return carried_out(NOUN, line, cell)
        return self._registered(parse(options_, options.COMPONENT), names[0], body)

    @property
    def _shell(self) -> "InteractiveShell":
        """The shell; magics are only made by one."""
        if self.shell is None:
            raise UserErrorException(
                "The magics need IPython.", resolution="In Python: from jupyter_aml.dsl import pipeline"
            )
        return self.shell

    def _act(self, line: Line) -> object:
        """What the line asks about a pipeline, or to run again."""
        jobs.refuse_both(line, "--wait", "--no-wait")
        verb = line.words[0] if line.words else "show"
        if pipelined.is_file(verb):
            return self._submit(pipelined.loaded(verb, line), line)
        pipelined.check(verb, line)
        if verb == "list":
            return pipelined.listed(line)
        if verb == "rerun":
            return self._submit(pipelined.again(self._named(verb, line), line), line)
        return pipelined.act(verb, self._named(verb, line), line)

    def _named(self, verb: str, line: Line) -> str:
        if len(line.words) > 1:
            return line.words[1]
        last = self._shell.user_ns.get(LAST)
        if last is None:
            message = f"%aml_pipeline {verb} needs a pipeline's name."
            raise UserErrorException(message, resolution="%aml_pipeline list shows them.")
        return str(last.name)

    def _submit(self, draft: "PipelineJob", line: Line) -> None:
        jobs.say_what_is_text(line)
        submitted = jobs.submitted(draft)
        self._shell.user_ns[LAST] = submitted
        jobs.follow(line, submitted, "pipeline")

    def _drawn(self, line: Line, cell: str) -> "PipelineJob":
        """The pipeline that the cell draws."""
        from jupyter_aml.dsl import pipeline
        from jupyter_aml.magics.drafts import value

        given = {name: value(text, jobs.type_at) for name, text in line.pairs("--input").items()}
        draft: Any = pipeline(
            experiment_name=line.one("--experiment"),
            description=line.one("--description"),
            tags=line.pairs("--tag"),
            default_compute=line.one("--compute") or "serverless",
            force_rerun="--force-rerun" in line.flags or None,
            continue_on_step_failure="--continue-on-step-failure" in line.flags or None,
        )(_function(self._shell, cell, given))(**given)
        draft.name, draft.display_name = line.one("--name"), line.one("--display-name")
        return draft

    def _registered(self, line: Line, func: str, cell: str) -> None:
        """The cell's function as a component of the workspace; called by its name from now on."""
        from jupyter_aml.dsl import command_component

        _run(self._shell, cell, ast.parse(self._shell.transform_cell(cell)), self._shell.user_ns)
        draft = command_component(
            self._shell.user_ns[func],
            name=line.one("--name"),
            version=line.one("--version"),
            display_name=line.one("--display-name"),
            description=line.one("--description"),
            environment=line.one("--environment") or "azureml:sklearn-1.5@latest",
            tags=line.pairs("--tag"),
            is_deterministic="--always" not in line.flags,
        )
        component = _kept(draft)
        self._shell.user_ns[func] = component
        takes, gives = (", ".join(part) or "nothing" for part in (component.inputs, component.outputs))
        sys.stdout.write(f"Component {component.name}:{component.version}: takes {takes}; gives {gives}.\n")


PipelineMagics.aml_pipeline.__doc__ = (PipelineMagics.aml_pipeline.__doc__ or "").replace(
    "{options}", usage(options.PIPELINE).replace("\n", "\n        ")
)
OF_CELL: Final = f"""\
%%aml_component [options]  with one function as the cell's body: it becomes a command component of the workspace, and is
called by its name in %%aml_pipeline. Parameters with a type, or `Input(type="uri_folder")`, are inputs; those with
`Output(type="uri_folder")` are outputs, and arrive as paths; what it returns is the output `output`.
{usage(options.COMPONENT)}"""
PipelineMagics.aml_component.__doc__ = help_of(NOUN).replace("\n\nExamples\n", f"\n\n{OF_CELL}\n\nExamples\n")


def _kept(draft: "Component") -> "Component":
    """Registered: as the version that is there if that does the same, else as the next one."""
    components: Any = SESSION.client.components
    if draft.version is None:
        try:
            newest = components.get(draft.name)
            return components.create_or_update(draft.model_copy(update={"version": newest.version}))
        except (ResourceNotFoundError, ResourceExistsError):
            pass  # there is none, or it does something else
    return components.create_or_update(draft)


def _functions(shell: "InteractiveShell", cell: str) -> list[str]:
    """The functions that the cell defines, if it is Python."""
    try:
        tree = ast.parse(shell.transform_cell(cell))
    except SyntaxError:  # YAML, or what is neither
        return []
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def _function(shell: "InteractiveShell", cell: str, given: Iterable[str]) -> Callable[..., object]:
    """The cell as the body of a function with these parameters, in the notebook's own namespace."""
    if bad := [name for name in given if not name.isidentifier()]:
        raise UserErrorException(f"--input {bad[0]}=…: '{bad[0]}' cannot be a variable of the cell.")
    try:
        body = ast.parse(shell.transform_cell(cell)).body
    except SyntaxError as error:
        raise UserErrorException(f"The cell is not Python: line {error.lineno}: {error.msg}.") from None
    if not body:
        raise UserErrorException("The cell is empty.", resolution="Its body calls components: a = prepare(…)")
    module = ast.parse(f"def {_FUNCTION}({', '.join(given)}): pass")
    cast("ast.FunctionDef", module.body[0]).body = body
    made: dict[str, Any] = {}
    _run(shell, cell, module, made)
    return made[_FUNCTION]


def _run(shell: "InteractiveShell", cell: str, module: ast.Module, names: dict[str, Any]) -> None:
    """Run it in the notebook; what it defines goes to `names`. Its tracebacks, and `inspect`, know the cell's lines."""
    code = compile(ast.fix_missing_locations(module), shell.compile.cache(cell), "exec")
    exec(code, cast("dict[str, Any]", shell.user_ns), names)  # noqa: S102 - the user's own cell, in the user's own kernel
