"""The variables of a notebook in which one earlier cell was run."""

import linecache
import textwrap

COMPILED = "/tmp/ipykernel_9/3.py"
"""The file name under which IPython compiled that cell."""


def in_a_notebook(source: str, compiled: str = COMPILED, **more: object) -> dict[str, object]:
    """The variables after `source` ran in a cell; `more` were there before."""
    text = textwrap.dedent(source)
    variables: dict[str, object] = {"__name__": "__main__", **more}
    linecache.cache[compiled] = (len(text), None, text.splitlines(keepends=True), compiled)
    exec(compile(text, compiled, "exec"), variables)  # noqa: S102  # the test's own cell
    return variables
