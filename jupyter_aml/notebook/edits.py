"""Expressions of a text said otherwise, by their place in its syntax tree. Text in, text out."""

import ast


def replace(lines: list[str], node: ast.expr, text: str, first: int = 1) -> None:
    """Put `text` in the place of `node`, on as many lines as before; `first` is the number of the first of `lines`.

    Of several nodes the last one in the text goes first: the places of the others stay. Columns count bytes, as in
    `ast`.
    """
    begin, end = node.lineno - first, (node.end_lineno or node.lineno) - first
    behind = lines[end].encode()[node.end_col_offset or 0 :]
    lines[begin] = (lines[begin].encode()[: node.col_offset] + text.encode() + behind).decode()
    lines[begin + 1 : end + 1] = [""] * (end - begin)


def place(node: ast.expr) -> tuple[int, int]:
    """What to sort by: line and column."""
    return node.lineno, node.col_offset
