"""Which expressions do nothing but show a value, or draw. A doubt keeps the code. Syntax only; nothing is run."""

import ast
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from jupyter_aml.notebook.script.blocks import root

_LOOKING: Final = frozenset(
    """
    head tail describe info value_counts nunique unique isna isnull notna notnull sum mean median std var min max count
    corr cov quantile mode groupby sort_values sort_index reset_index set_index drop dropna fillna astype round query
    agg aggregate pivot pivot_table crosstab merge join transpose to_frame to_string to_dict to_list tolist items keys
    values copy memory_usage duplicated select_dtypes nlargest nsmallest rename first last skew kurt isin any all
    get_params get_feature_names_out predict predict_proba decision_function score feature_names_in shape size ndim
    argmax argmin cumsum diff rank abs dot reshape ravel flatten strip lower upper split join format startswith
    endswith replace get_group cut qcut bin to_datetime total_seconds date year month day filter melt stack unstack
    equals compare assign pct_change rolling resample to_markdown style hide background_gradient set_caption
    """.split()
)
_OF_FILES: Final = frozenset({"os", "shutil", "Path"})
_BUILTINS: Final = frozenset(
    "len type isinstance issubclass repr str abs round dir help id hasattr bool int float".split()
)
_ITERATE: Final = frozenset("list tuple set dict sorted sum min max enumerate zip any all".split())
_MAKE: Final = frozenset("Series DataFrame array arange linspace linspace zeros ones figure Figure Line2D".split())
_DRAW: Final = frozenset("plot hist boxplot barh bar scatter pie area kde density box hexbin".split())
SAVING: Final = frozenset(
    """
    savefig log_figure log_image write_image write_html write_json log_artifact log_artifacts imsave save to_file
    log_confusion_matrix tight_bbox print_figure log_plot
    """.split()
)
DRAWING_LIBRARIES: Final = frozenset(
    "matplotlib pylab seaborn plotly bokeh altair mpl_toolkits wordcloud missingno".split()
)
_SETTINGS: Final = frozenset("set set_theme set_style set_context set_palette use rc rcdefaults".split())


@dataclass(frozen=True, slots=True)
class Purity:
    """`drawing`: names of libraries and values that draw; `own`: methods that the notebook's classes define.

    `painters`: functions of the notebook that do nothing but draw.
    """

    drawing: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    painters: frozenset[str] = frozenset()

    def shows_only(self, node: ast.expr) -> bool:
        """Evaluating it changes nothing."""
        match node:
            case ast.Constant() | ast.Name() | ast.Lambda():
                return True
            case ast.Call():
                return self._is_pure_call(node)
            case ast.Attribute(attr=name) if name in self.own:  # a property runs a method
                return False
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return all(not isinstance(g.iter, ast.Name) and not g.is_async for g in node.generators) and self._all(
                    ast.iter_child_nodes(node)
                )
            case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
            case _:
                return self._all(ast.iter_child_nodes(node))

    def _all(self, nodes: Iterable[ast.AST]) -> bool:
        return all(self._part(node) for node in nodes)

    def _part(self, node: ast.AST) -> bool:
        match node:
            case ast.expr():
                return self.shows_only(node)
            case ast.keyword():
                return node.arg != "inplace" and self.shows_only(node.value)
            case ast.comprehension():
                return self._all([node.iter, *node.ifs])
            case _:
                return True

    def _is_pure_call(self, node: ast.Call) -> bool:
        if not self._all([*node.args, *node.keywords]):
            return False
        match node.func:
            case ast.Name(id=name):
                return name in _BUILTINS or (name in _ITERATE and not any(isinstance(a, ast.Name) for a in node.args))
            case ast.Attribute(value=receiver, attr="sample"):
                return any(k.arg == "random_state" for k in node.keywords) and self.shows_only(receiver)
            case ast.Attribute(value=receiver, attr=name):
                is_known = name in _LOOKING | _MAKE and name not in self.own and root(receiver) not in _OF_FILES
                return is_known and not _acts(name, node) and self.shows_only(receiver)
            case _:
                return False

    # Drawing

    def draws_only(self, node: ast.stmt) -> bool:
        """The statement draws, and does nothing else."""
        match node:
            case ast.Expr(value=value):
                return self.is_drawing(value)
            case ast.Assign(value=value, targets=targets):
                return self.is_drawing(value) and all(self._is_name(target) for target in targets)
            case ast.For(iter=over, body=body, orelse=[]):
                return self._all([over]) and self._draw(body, bound_in(node.target))
            case ast.With(items=items, body=body):
                names = frozenset[str]().union(*(bound_in(i.optional_vars) for i in items))
                return all(self.is_drawing(item.context_expr) for item in items) and self._draw(body, names)
            case ast.If(test=test, body=body, orelse=orelse):
                return self._all([test]) and self._draw(body) and (not orelse or self._draw(orelse))
            case _:
                return False

    def _draw(self, body: list[ast.stmt], names: frozenset[str] = frozenset()) -> bool:
        inner = Purity(self.drawing | names, self.own, self.painters)
        return any(inner.draws_only(one) for one in body) and all(
            inner.draws_only(one) or inner._sets_local(one) for one in body
        )

    def _sets_local(self, node: ast.stmt) -> bool:
        match node:
            case ast.Assign(targets=[ast.Name() | ast.Tuple()], value=value):
                return self.shows_only(value)
            case ast.Expr(value=value):
                return self.shows_only(value)
            case ast.Pass():
                return True
            case _:
                return False

    def is_drawing(self, node: ast.expr) -> bool:
        """A call that draws: of a drawing library, of a figure, or pandas' own `.plot`."""
        if not isinstance(node, ast.Call) or not self._arguments_are_pure(node):
            return isinstance(node, (ast.Attribute, ast.Subscript)) and root(node) in self.drawing
        if isinstance(node.func, ast.Name):
            return node.func.id in self.drawing | self.painters
        return root(node) in self.drawing or self._is_plot_of_pandas(node.func)

    def _is_plot_of_pandas(self, func: ast.expr) -> bool:
        match func:
            case ast.Attribute(value=ast.Attribute(value=receiver, attr="plot"), attr=name) if name in _DRAW:
                return self.shows_only(receiver)
            case ast.Attribute(value=receiver, attr="plot" | "hist" | "boxplot"):
                return self.shows_only(receiver)
            case ast.Attribute(value=ast.Call() as inner):
                return self.is_drawing(inner)
            case _:
                return False

    def _arguments_are_pure(self, node: ast.Call) -> bool:
        inner = node.func.value if isinstance(node.func, ast.Attribute) else None
        below = self._arguments_are_pure(inner) if isinstance(inner, ast.Call) and root(inner) in self.drawing else True
        parts = [*node.args, *node.keywords]
        return below and all(self._part(part) or self._draws(part) for part in parts)

    def _draws(self, part: ast.expr | ast.keyword) -> bool:
        value = part.value if isinstance(part, ast.keyword) else part
        return self.is_drawing(value.value if isinstance(value, ast.Starred) else value)

    @staticmethod
    def _is_name(target: ast.expr) -> bool:
        match target:
            case ast.Name():
                return True
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return all(isinstance(part, (ast.Name, ast.Tuple)) for part in parts)
            case _:
                return False

    def is_setting(self, node: ast.stmt) -> bool:
        """How drawing looks from here on: `plt.rcParams[…] = …`, `plt.style.use(…)`, `sns.set_theme()`."""
        match node:
            case ast.Assign(targets=[ast.Subscript() as target]):
                return root(target) in self.drawing
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) as func)):
                return root(func) in self.drawing and (name in _SETTINGS or "rcParams" in ast.unparse(func))
            case _:
                return False

    def paints(self, node: ast.FunctionDef) -> bool:
        """The function does nothing but draw."""
        if node.decorator_list or saves(ast.walk(node)):
            return False
        body = node.body[1:] if ast.get_docstring(node) else node.body
        if body and isinstance(body[-1], ast.Return):
            last, body = body[-1].value, body[:-1]
            if last is not None and not self.shows_only(last):
                return False
        figures = frozenset(n for n in ("ax", "axes", "fig", "axs") if n in {a.arg for a in node.args.args})
        inner = self
        for one in body:
            names = (
                bound_in(one)
                if Purity(inner.drawing | figures, self.own, self.painters).draws_only(one)
                else frozenset[str]()
            )
            inner = Purity(inner.drawing | figures | names, self.own, self.painters)
        return inner._draw(body, figures)


def _acts(name: str, call: ast.Call) -> bool:
    """It is another's method of a name that frames and strings have: of a logger, a thread, a path."""
    given = {keyword.arg for keyword in call.keywords}
    match name:
        case "info":
            return bool(call.args) or "buf" in given
        case "join":
            first = call.args[0] if call.args else None
            is_a_time = isinstance(first, ast.Constant) and not isinstance(first.value, str)
            return first is None or is_a_time or "timeout" in given
        case "rename":
            return bool(call.args)
        case "replace":
            return len(call.args) == 1
        case _:
            return False


def bound_in(node: ast.AST | None) -> frozenset[str]:
    """The names that a target or a statement stores."""
    if node is None:
        return frozenset()
    stores = (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return frozenset(name.id for name in stores)


def saves(nodes: Iterable[ast.AST]) -> bool:
    """Somewhere among them a figure is kept."""
    called = (n.func for n in nodes if isinstance(n, ast.Call))
    return any(isinstance(f, ast.Attribute) and f.attr in SAVING for f in called)


def drawing_names(nodes: Collection[ast.stmt]) -> frozenset[str]:
    """The names under which drawing libraries are imported."""
    found = set[str]()
    for node in nodes:
        match node:
            case ast.Import(names=names):
                found.update(
                    a.asname or a.name.partition(".")[0] for a in names if a.name.partition(".")[0] in DRAWING_LIBRARIES
                )
            case ast.ImportFrom(module=str(module), names=names):
                if module.partition(".")[0] in DRAWING_LIBRARIES:
                    found.update(a.asname or a.name for a in names)
            case _:
                pass
    return frozenset(found)
