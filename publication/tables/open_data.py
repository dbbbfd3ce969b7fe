"""Open data: what makes the files of a release readable by machines and free to use.

Walk in: the folder of a release with its tables written, and `Contents`. Walk out: `data_dictionary.csv`,
`changes.json`, `licence.txt`, and `datapackage.json` with `schemas/`: a Frictionless Data Package that lists each CSV
and Parquet file with its columns, size and checksum.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from publication.release.changes import write_changes
from publication.release.contents import Contents
from publication.release.licence import OPEN_LICENCE, attributions, datasets_read, terms, write_licence
from publication.tables.dictionary import data_dictionary, file_meanings, write_dictionary
from sources.files.checksums import sha256

PACKAGE = "datapackage.json"
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "date": {"type": "date"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
    "true or false": {"type": "boolean", "trueValues": ["True"], "falseValues": ["False"]},
}
KEYS = {"areas.csv": ["ward_code"], "crime_types.csv": ["crime_type"], "severity.csv": ["crime_type"]}


def write_open_data(folder: Path, contents: Contents) -> None:
    """Write dictionary, changes, licence and data package, after all tables of the release are in its folder.

    Raises
    ------
    ReleaseError
        When the release before cannot be compared with this one.
    """
    write_dictionary(folder)
    write_changes(folder, contents)
    write_licence(folder, contents.facts)
    _write_json(folder / PACKAGE, data_package(folder, contents))


def data_package(folder: Path, contents: Contents) -> dict[str, Any]:
    """Return the descriptor of the package, having written the schemas that several of its files share.

    The order of the files and the text depend on the run alone.
    """
    facts = contents.facts
    is_open = facts.audience == "open" and not facts.force.simulated
    columns = {str(file): rows.set_index("column") for file, rows in data_dictionary().groupby("file", sort=False)}
    for pattern in columns:
        if "*" in pattern and (files := sorted(folder.glob(pattern))):
            (folder / "schemas").mkdir(exist_ok=True)
            _write_json(folder / _schema_file(pattern), _schema(files[0], pattern, columns[pattern]))
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".csv", ".parquet"))
    last = contents.ahead.forecast["month"].max()
    return {
        "profile": "data-package",
        "name": f"wardcast-{facts.force.code.lower()}-{facts.name.lower()}",
        "title": f"Recorded crime and forecast by ward, {facts.force.name}, to {facts.origin:%B %Y}",
        "description": f"{terms(facts)} Recorded crime excluding fraud, and forecasts of it.",
        "version": facts.code_version,
        "keywords": ["crime", "police", "forecast", "ward", "borough"],
        "licenses": [OPEN_LICENCE] if is_open else [],
        "sources": [] if facts.force.simulated else _sources(contents),
        "attributions": attributions(facts),
        "temporal": {"start": f"{contents.recorded.offences['month'].min():%Y-%m}", "end": f"{last:%Y-%m}"},
        "spatial": facts.force.name,
        "audience": facts.audience,
        "simulated": facts.force.simulated,
        "resources": [_resource(path, folder, columns) for path in paths],
    }


def _sources(contents: Contents) -> list[dict[str, str]]:
    public = [one for one in datasets_read(contents.facts) if one.page.startswith("http")]
    return [{"title": f"{one.title} ({one.publisher}; {one.licence})", "path": one.page} for one in public]


def _resource(path: Path, folder: Path, columns: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the description of one file; Parquet says its own types, so it is described as a file."""
    name = path.relative_to(folder).as_posix()
    pattern = next((file for file in columns if fnmatch(name, file)), None)
    meaning = next((text for file, text in file_meanings().items() if fnmatch(name, file)), "")
    described: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()),
        "path": name,
        "description": meaning,
        "format": path.suffix[1:],
        "mediatype": "text/csv" if path.suffix == ".csv" else "application/vnd.apache.parquet",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
    }
    if path.suffix == ".parquet":
        fields = [] if pattern is None else _schema(path, pattern, columns[pattern])["fields"]
        return {**described, "type": "file", "columns": fields}
    table = {**described, "type": "table", "encoding": "utf-8"}
    if pattern is None:
        return table
    shared = "*" in pattern
    return {**table, "schema": _schema_file(pattern) if shared else _schema(path, pattern, columns[pattern])}


def _schema(path: Path, pattern: str, columns: pd.DataFrame) -> dict[str, Any]:
    """Return the Table Schema of a file, its columns in the file's order."""
    names = pq.read_schema(path).names if path.suffix == ".parquet" else pd.read_csv(path, nrows=0).columns
    known = columns.reindex(names).dropna(subset="type")
    fields: list[dict[str, Any]] = []
    for name, kind, meaning, allowed in zip(
        known.index, known["type"], known["meaning"], known["allowed"], strict=True
    ):
        field = {"name": str(name), **TYPES[kind], "description": meaning}
        fields.append({**field, "constraints": {"minimum": 0}} if allowed == "0 or more." else field)
    key = {"primaryKey": KEYS[pattern]} if pattern in KEYS else {}
    return {"fields": fields, "missingValues": [""], **key}


def _schema_file(pattern: str) -> str:
    # Without the star, which some systems do not allow in a name.
    return f"schemas/{pattern.split('/')[0].replace('*', '')}.json"


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
