"""Pages of the site that are made from the code whenever it is built, so that they cannot fall behind it.

Walks in: the command line, the settings, the catalogue, the contracts, the dictionary of releases, the page of the
notebooks. Walk out: pages in Markdown, given to MkDocs beside the written ones; and links where a page names another as
`docs/page.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pandas as pd
import pandera.pandas as pa
import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from typer.cli import get_docs_for_click

from pipelines.commands.cli import app
from pipelines.settings import Settings
from planning.folder.contracts import TABLES
from planning.folder.entries import Judgement, Lever, PlanHead
from planning.folder.stakes.risk_scales import RiskScales
from planning.folder.toml_file import Strict
from publication.tables.dictionary import data_dictionary, file_meanings
from sources.catalogue.catalogue import load_catalogue
from sources.read_force import read_force
from sources.simulated import simulate
from sources.tables import contracts

DOCS = Path(__file__).resolve().parents[1]
EXAMPLES = DOCS / "examples"  # a file a dataset, named by its id: the header and a row as the publisher has them

_NAMED_PAGE = re.compile(r"`?docs/([\w/-]+\.md)`?")
_CODE = re.compile(r"```.*?```|^ {4}[^\n]*$", re.DOTALL | re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let the navigation name the decisions together: `decisions/*.md` stands for each of them, in order."""
    for section in config.nav or []:
        for title, pages in section.items():
            if isinstance(pages, str) and "*" in pages:
                section[title] = sorted(file.relative_to(DOCS).as_posix() for file in DOCS.glob(pages))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages made from code."""
    for name, page in PAGES.items():
        files.append(File.generated(config, name, content=page()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make links of the pages that a text names by their path, code apart."""
    up = "../" * page.file.src_uri.count("/")
    kept: list[str] = []

    def keep(code: re.Match[str]) -> str:
        kept.append(code[0])
        return f"\0{len(kept) - 1}\0"

    text = _CODE.sub(keep, markdown)
    text = _NAMED_PAGE.sub(lambda named: f"[{named[1].removesuffix('.md')}]({up}{named[1]})", text)
    return re.sub(r"\0(\d+)\0", lambda code: kept[int(code[1])], text)


def commands() -> str:
    """Return the reference of the command line."""
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="wardcast")
    text = get_docs_for_click(obj=command, ctx=context, name="wardcast", title="Commands")
    return text.replace("[default: ", "[usually ")


def settings() -> str:
    """Return the reference of settings."""
    rows = [
        {
            "Setting": f"`{name}`",
            "Usually": f"`{_shown(field.get_default(call_default_factory=True))}`",
            "Allowed": _allowed(field),
            "Meaning": f"{field.description}.",
        }
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "A flag beats the environment, which beats `wardcast.toml` in the folder where the command is given. In "
            "the environment a setting is called `WARDCAST_` and its name in capitals: `WARDCAST_HORIZON=24`. "
            "`wardcast settings` shows what is in force and where each value came from; `wardcast new-force` writes a "
            "file of all of them with their meaning. A file that holds a password must be its owner's alone "
            "(docs/security.md).",
            "",
            _table(rows),
            "",
        ]
    )


def release_tables() -> str:
    """Return the dictionary of a release: its files and their columns."""
    dictionary = data_dictionary()
    parts = [
        "# The files of a release",
        "",
        "What `data_dictionary.csv` of every release says. docs/releases.md tells how to read them.",
        "",
        _table({"File": f"`{name}`", "What it holds": meaning} for name, meaning in file_meanings().items()),
        "",
    ]
    for file, rows in dictionary.groupby("file", sort=False):
        parts += [f"## {file}", "", _table(rows.drop(columns="file").rename(columns=str.capitalize).to_dict("records"))]
        parts.append("")
    return "\n".join(parts)


def input_files() -> str:
    """Return every file that can be read, with an example row."""
    parts = [
        "# Input files",
        "",
        "Every dataset that Wardcast reads, in the order of its catalogue, with its header and a row as its publisher "
        "has them; long rows are cut short with `...`. What each needs, and what is done about its faults, is said in "
        "docs/data.md, for a force outside London in docs/bring-your-own-force.md.",
        "",
    ]
    for dataset in load_catalogue().dataset:
        need = "required" if dataset.required else "optional"
        if dataset.dispensable:
            need += ", unless the force says that it does without"
        parts += [
            f"## {dataset.id}",
            "",
            f"{dataset.title}. `{dataset.path}`, {need}. Publisher: {dataset.publisher}; {dataset.licence}.",
            "",
            "```text",
            (EXAMPLES / f"{dataset.id}.txt").read_text(encoding="utf-8").rstrip("\n"),
            "```",
            "",
        ]
    return "\n".join(parts)


def notebooks() -> str:
    """Return the page of the notebooks, which lies beside them."""
    text = (DOCS.parent / "notebooks" / "README.md").read_text(encoding="utf-8")
    return text.replace("](../docs/", "](")


def tables() -> str:
    """Return the canonical tables: their contracts, and a row of each from a simulated force."""
    with TemporaryDirectory() as folder:
        force = read_force(simulate(Path(folder) / "force", wards=12, months=48, seed=1))
    schemas = [schema for schema in vars(contracts).values() if isinstance(schema, pa.DataFrameSchema)]
    parts = [
        "# Tables",
        "",
        "What readers make of the input files: the canonical tables, which everything to the right of `sources` takes. "
        "Each keeps a contract (`sources/tables/contracts.py`); a file that breaks it is refused with its row and "
        "column. The example rows are those of a simulated force.",
        "",
    ]
    for schema in schemas:
        example = getattr(force, str(schema.name), pd.DataFrame())
        first = example.iloc[0] if len(example) else {}
        columns = [
            {
                "Column": f"`{name}`",
                "Type": str(column.dtype),
                "Rule": "; ".join(str(check.error or check.name) for check in column.checks)
                or column.description
                or "",
                "Example": _plain(first[name]) if name in first else "",
            }
            for name, column in schema.columns.items()
        ]
        said = [schema.description, ""] if schema.description else []
        parts += [f"## {schema.name}", "", *said, _table(columns), ""]
    return "\n".join(parts)


def plan_folder() -> str:
    """Return the files of a plan folder: their columns or keys, and an example of each."""
    with TemporaryDirectory() as folder:
        example = simulate(Path(folder) / "force", wards=12, months=48, seed=1) / "plan"
        rows = {
            name: pd.read_csv(example / f"{name}.csv", keep_default_na=False)
            for name in TABLES
            if (example / f"{name}.csv").is_file()
        }
    parts = [
        "# The plan folder",
        "",
        "Every file of a plan folder with its columns or keys. docs/plan.md tells what they mean together. The example "
        "rows are those of the simulated force.",
        "",
    ]
    for name, schema in TABLES.items():
        first = rows[name].iloc[0] if name in rows else {}
        columns = [
            {
                "Column": f"`{column}`",
                "Type": str(kind.dtype),
                "Rule": "; ".join(str(check.error or check.name) for check in kind.checks),
                "Example": _plain(first[column]) if column in first else "",
            }
            for column, kind in schema.columns.items()
        ]
        parts += [f"## {name}.csv", "", str(schema.description), "", _table(columns), ""]
    files: dict[str, type[Strict]] = {"plan.toml": PlanHead, "levers.toml": Lever, "judgements.toml": Judgement}
    files["risk.toml"] = RiskScales
    for file, kind in files.items():
        keys = [
            {
                "Key": f"`{key}`",
                "Type": _kind(field.annotation),
                "Usually": "required" if field.is_required() else repr(field.default),
            }
            for key, field in kind.model_fields.items()
        ]
        parts += [f"## {file}", "", str(kind.__doc__), "", _table(keys), ""]
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "notebooks.md": notebooks,
    "reference/commands.md": commands,
    "reference/settings.md": settings,
    "reference/input-files.md": input_files,
    "reference/tables.md": tables,
    "reference/plan-folder.md": plan_folder,
    "reference/release-files.md": release_tables,
}


def _kind(annotation: object) -> str:
    words = str(annotation) if get_args(annotation) else getattr(annotation, "__name__", str(annotation))
    return re.sub(r"typing\.|planning\.folder\.(\w+\.)+", "", words).replace("str", "text")


def _table(rows: Iterable[dict[str, Any]]) -> str:
    rows = [{name: str(value).replace("|", "\\|") for name, value in row.items()} for row in rows]
    heads = list(rows[0])
    lines = [heads, ["---"] * len(heads), *([row[name] for name in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {first}..{last}" for name, (first, last) in value.items())
    return "none" if value is None or not str(value) else str(value)


def _allowed(field: Any) -> str:
    limits = {type(limit).__name__: limit for limit in field.metadata}
    if "Ge" in limits and "Le" in limits:
        return f"{limits['Ge'].ge} to {limits['Le'].le}"
    if "Ge" in limits:
        return f"{limits['Ge'].ge} or more"
    choices = getattr(field.annotation, "__args__", ())
    return ", ".join(choices) if choices and all(isinstance(choice, str) for choice in choices) else ""


def _plain(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
