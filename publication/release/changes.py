"""What changed since the release before: files, rows, months, recorded counts and expectations, for machines.

Walk in: the folder of a release with its tables written, and the folder of the release before. Walks out:
`changes.json`. It compares what both releases publish, so it tells nothing that they do not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from models.forecast.vocabulary import ALL_RECORDED
from publication.release.contents import Contents
from publication.release.manifest import CHANGES, ReleaseError, read_manifest
from sources.files.checksums import sha256

DATA = (".parquet", ".csv")
MONTHS_COMPARED = 12

_REVISIONS = """
SELECT {by}, count(*) AS cells_compared, count(*) FILTER (b.count <> a.count) AS cells_revised,
    sum(b.count)::BIGINT AS before, sum(a.count)::BIGINT AS after
FROM read_parquet($after) a JOIN read_parquet($before) b USING (area_level, area_code, crime_type, month)
GROUP BY {by} HAVING cells_revised > 0 ORDER BY {by}
"""
_EXPECTATIONS = """
SELECT a.measure, a.area_level, a.crime_level, a.crime_type, count(DISTINCT a.area_code) AS areas,
    round(sum(b.mean), 3) AS before, round(sum(a.mean), 3) AS after,
    round(sum(abs(a.mean - b.mean)) / nullif(sum(b.mean), 0), 6) AS mean_absolute_change
FROM read_parquet($after) a JOIN read_parquet($before) b
    USING (area_level, area_code, crime_level, crime_type, month{measure})
WHERE a.period = 'month' AND b.period = 'month' AND a.scenario = $scenario AND b.scenario = $scenario_before
    AND a.month BETWEEN $first AND $last{beside}
GROUP BY ALL ORDER BY ALL
"""


def write_changes(folder: Path, contents: Contents) -> None:
    """Write `changes.json`, with a reason and nothing else where there is no release to compare with.

    Raises
    ------
    ReleaseError
        When the release before cannot be read.
    """
    found = changes(folder, contents)
    text = json.dumps(found, indent=1, ensure_ascii=False, default=str)
    (folder / CHANGES).write_text(text + "\n", encoding="utf-8")


def changes(folder: Path, contents: Contents) -> dict[str, Any]:
    """Return what `changes.json` says: since, reason, files, months, revisions and expectations.

    revisions : recorded counts that both releases give and that differ, by area level and crime type, and by month.
    expectations : offences expected in the first twelve months that both forecast, by measure, area level and crime
        type; `mean_absolute_change` is the sum of absolute changes of single areas and months over the sum before.
    """
    before = contents.previous
    reason = "There is no release before this one." if before is None else _incomparable(before, contents)
    if before is None or reason:
        return {"since": None, "reason": reason}
    manifest = read_manifest(before)
    pairs = {name: (before / name, folder / name) for name in ("history.parquet", "forecast.parquet")}
    comparable = all(old.exists() for old, _ in pairs.values())
    return {
        "since": manifest["release"],
        "reason": "" if comparable else "The release before has no history or no forecast to compare with.",
        "origin": {"before": manifest["origin"], "after": f"{contents.facts.origin:%Y-%m}"},
        "files": _files(before, folder, manifest),
        **(_numbers(pairs, manifest, contents) if comparable else {}),
    }


def _incomparable(before: Path, contents: Contents) -> str:
    manifest, facts = read_manifest(before), contents.facts
    if manifest.get("audience", "open") != facts.audience:
        return f"The release before, {before.name}, is for another audience."
    if manifest["force"]["code"] != facts.force.code:
        return f"The release before, {before.name}, is of another force."
    return ""


def _files(before: Path, after: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the data files that were added, removed or changed, with their rows."""
    old = {entry["path"]: entry["sha256"] for entry in manifest["files"] if entry["path"].endswith(DATA)}
    new = {path.relative_to(after).as_posix(): path for path in after.rglob("*") if path.suffix in DATA}
    found = []
    for name in sorted(old.keys() | new.keys()):
        if name in old and name in new and old[name] == sha256(new[name]):
            continue
        change = "added" if name not in old else "removed" if name not in new else "changed"
        rows = {"rows_before": _rows(before / name), "rows_after": _rows(after / name)}
        found.append({"path": name, "change": change, **rows})
    return found


def _rows(path: Path) -> int | None:
    if not path.exists():
        return None
    if path.suffix == ".parquet":
        return pq.read_metadata(path).num_rows
    return len(pd.read_csv(path, usecols=[0]))


def _numbers(pairs: dict[str, tuple[Path, Path]], manifest: dict[str, Any], contents: Contents) -> dict[str, Any]:
    with duckdb.connect() as database:
        history = dict(zip(("before", "after"), map(str, pairs["history.parquet"]), strict=True))
        first = contents.facts.origin + pd.DateOffset(months=1)
        forecast = {
            **dict(zip(("before", "after"), map(str, pairs["forecast.parquet"]), strict=True)),
            "scenario": contents.facts.scenarios[0],
            "scenario_before": manifest["scenarios"][0],
            "first": first.date(),
            "last": (first + pd.DateOffset(months=MONTHS_COMPARED - 1)).date(),
        }
        return {
            "months_recorded": _months(database, history),
            "revisions": {
                "by_type": _records(database, _REVISIONS.format(by="area_level, crime_type"), history),
                "by_month": _records(database, _REVISIONS.format(by="area_level, month"), history),
            },
            "expectations": _records(database, _expectations(pairs["forecast.parquet"][0]), forecast),
        }


def _expectations(before: Path) -> str:
    """Return the query; a release made before rows of all recorded offences has none to compare with."""
    if "measure" in pq.read_schema(before).names:
        return _EXPECTATIONS.format(measure=", measure", beside="")
    return _EXPECTATIONS.format(measure="", beside=f" AND a.measure <> '{ALL_RECORDED}'")


def _months(database: duckdb.DuckDBPyConnection, paths: dict[str, str]) -> dict[str, Any]:
    held = {
        side: {row[0] for row in database.execute("SELECT DISTINCT month FROM read_parquet(?)", [path]).fetchall()}
        for side, path in paths.items()
    }
    gone, new = held["before"] - held["after"], held["after"] - held["before"]
    return {
        "added": [f"{month:%Y-%m}" for month in sorted(new)],
        "removed": [f"{month:%Y-%m}" for month in sorted(gone)],
    }


def _records(database: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        table = database.execute(query, values).df()
    except duckdb.Error as error:
        raise ReleaseError(
            f"The release before cannot be compared with this one ({error})",
            remedy="Move its folder away, or point the releases at another one, and publish again.",
        ) from error
    if "month" in table:
        table["month"] = table["month"].dt.strftime("%Y-%m")
    cells = table.astype(object).where(table.notna(), None)
    return [dict(zip(map(str, cells.columns), row, strict=True)) for row in cells.itertuples(index=False)]
