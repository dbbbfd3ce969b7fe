"""What the code never does: load a pickle, or put a value into SQL as text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("sources", "features", "models", "planning", "publication", "pipelines", "wardcast", "benchmarks")
TREES = {
    file.relative_to(PROJECT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
    for room in ROOMS
    for file in sorted((PROJECT / room).rglob("*.py"))
}

# Libraries whose files run code when they are read, and calls that read such files or run text.
UNPICKLERS = {"pickle", "_pickle", "cloudpickle", "dill", "joblib", "jsonpickle", "marshal", "shelve", "torch", "skops"}
RUN_WHAT_THEY_READ = {"read_pickle", "to_pickle", "load_model", "unsafe_load", "full_load"}
BUILT_IN = {"eval", "exec", "compile", "__import__"}

# SQL that is put together from names of our own, of tables, columns and types; or chosen among fixed texts.
OWN_NAMES = {
    ("publication/release/changes.py", "query"),
    ("publication/tables/database.py", "CREATE VIEW"),
    ("publication/tables/database.py", "CREATE TABLE"),
    ("publication/tables/database.py", "CREATE TYPE"),
    ("publication/tables/database.py", "SELECT count"),
    ("publication/tables/database.py", "sql.SQL(kind)"),
    ("publication/charts/card_chart.py", "figure"),
    ("publication/charts/charts.py", "figure"),  # the layout of a picture, no SQL
}
TAKES_SQL = {"execute", "executemany", "sql", "from_query", "copy_expert", "read_sql", "read_sql_query"}


def unpickled(tree: ast.AST) -> Iterator[str]:
    """Yield whatever would read a pickle, or run what a file or a text says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in UNPICKLERS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNPICKLERS:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in RUN_WHAT_THEY_READ:
                yield node.func.attr
            if isinstance(node.func, ast.Name) and node.func.id in BUILT_IN:
                yield node.func.id
            yield from (
                "allow_pickle"
                for word in node.keywords
                if word.arg == "allow_pickle" and getattr(word.value, "value", True) is not False
            )


def pieced_together(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield SQL that is neither a fixed text nor put together by psycopg, which knows names from values."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if node.func.attr in TAKES_SQL and not _safe(node.args[0]):
            yield node.args[0]
        elif ast.unparse(node.func) == "sql.SQL" and not isinstance(node.args[0], ast.Constant):
            yield node


def _safe(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        composed = node.func.attr in {"format", "join"} and isinstance(node.func.value, ast.Call)
        return ast.unparse(node.func) == "sql.SQL" or (composed and _safe(node.func.value))
    return False


def test_no_file_says_what_is_run_when_it_is_read() -> None:
    assert {file: found for file, tree in TREES.items() if (found := list(unpickled(tree)))} == {}


def test_sql_takes_values_as_parameters_only() -> None:
    found = {(file, ast.unparse(node)) for file, tree in TREES.items() for node in pieced_together(tree)}
    own = {(file, one) for file, one in found for where, words in OWN_NAMES if file == where and words in one}
    assert found - own == set()


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "import torch.nn",
        "pd.read_pickle(file)",
        "np.load(file, allow_pickle=True)",
        "np.load(file, allow_pickle=asked)",
        "mlflow.pyfunc.load_model(address)",
        "eval(text)",
    ],
)
def test_each_way_to_load_a_pickle_would_be_seen(code: str) -> None:
    assert list(unpickled(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "connection.execute(f'SELECT * FROM t WHERE name = {name}')",
        "connection.execute('SELECT * FROM t WHERE name = ' + name)",
        "connection.execute('SELECT * FROM t WHERE name = %s' % name)",
        "connection.execute('SELECT * FROM {}'.format(name))",
        "connection.execute(query)",
        "connection.execute(sql.SQL(f'SELECT * FROM {name}'))",
        "pd.read_sql(query, connection)",
    ],
)
def test_each_way_to_piece_sql_together_would_be_seen(code: str) -> None:
    assert list(pieced_together(ast.parse(code)))
