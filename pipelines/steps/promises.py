"""Promises: how archived releases did on the months recorded since, beside what their backtest promised.

Walk in: the releases, what has been recorded, and the scores that runs kept. Walks out: one table of both.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from models.draws.all_recorded import parts_that_add_up
from models.forecast.vocabulary import EXCLUDING
from models.scoring.promotion import JUDGED_MONTHS
from models.scoring.scores import KEYS, METRICS, score, score_summary, scores_of_first_months
from models.tracking import run_record
from publication.release.manifest import ReleaseError, read_manifest
from publication.release.release import list_releases
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

RELEASES_SCORED = 12  # the newest; older ones have been judged before
MONTHS_SCORED = 12
KEPT_PROMISES = ("wis", "bias", "coverage_80_strict", "coverage_80_inclusive")
PROMISED_FOR = ["area_level", "crime_level", "crime_type"]
PROMISE_COLUMNS = [
    *("release", "origin", "months"),
    *PROMISED_FOR,
    *KEPT_PROMISES,
    *(f"promised_{name}" for name in KEPT_PROMISES),
    "promised_months",
]
ScoresOfRun = Callable[[str], pd.DataFrame | None] | None


def promises_kept(releases: Path, tables: ForceTables, scores_of_run: ScoresOfRun = None) -> pd.DataFrame:
    """Return the scores of each release's recorded months, up to a year ahead, beside what its backtest promised.

    Columns: release, origin, months, area_level, crime_level, crime_type (empty for all types of the level together),
    then wis, bias and coverages, each with `promised_`, and promised_months: how many months ahead a promise is of.
    `scores_of_run(run id)` returns the backtest's scores of the run that made a release, or None where they are not
    kept. Where they are, levels are promised what the backtest did as many months ahead, types what it did in a year;
    else levels are promised a year's scores, and types nothing.
    """
    rows = []
    last = tables.offences["month"].max()
    for release in list_releases(releases)[-RELEASES_SCORED:]:
        try:
            manifest = read_manifest(release)
        except ReleaseError:
            continue  # a damaged release of long ago must not keep a new one from being made
        origin = pd.Timestamp(manifest["origin"])
        until = min(last, origin + pd.DateOffset(months=MONTHS_SCORED))
        if until <= origin or not (release / "accuracy.csv").is_file():
            continue
        shown = (ds.field("period") == "month") & (ds.field("scenario") == "central") & (ds.field("month") <= until)
        if (said := said_by(release, shown)) is None:
            continue
        scores = score(scorable(said), tables.offences, tables.areas, tables.crime_types)
        months = (until.year - origin.year) * 12 + until.month - origin.month
        of_run = scores_of_run(manifest["run_id"]) if scores_of_run is not None else None
        promised, ahead = (
            (pd.read_csv(release / "accuracy.csv"), JUDGED_MONTHS)
            if of_run is None
            else (scores_of_first_months(of_run, months), min(months, JUDGED_MONTHS))
        )
        levels = _beside(score_summary(scores).assign(crime_type=""), promised.assign(crime_type=""))
        types = _beside(_of_types(scores), None if of_run is None else _of_types(of_run))
        both = pd.concat([levels.assign(promised_months=ahead), types.assign(promised_months=JUDGED_MONTHS)])
        rows.append(both.assign(release=release.name, origin=origin, months=months))
    return pd.concat(rows, ignore_index=True)[PROMISE_COLUMNS] if rows else pd.DataFrame(columns=PROMISE_COLUMNS)


def _of_types(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of single months by crime type, means over origins."""
    types = scores[(scores["group"] == "crime_type") & (scores["period"] == "month")]
    types = types.rename(columns={"group_value": "crime_type"})
    return types.groupby(PROMISED_FOR, as_index=False)[list(KEPT_PROMISES)].mean()


def _beside(kept: pd.DataFrame, promised: pd.DataFrame | None) -> pd.DataFrame:
    kept = kept.set_index(PROMISED_FOR)[list(KEPT_PROMISES)]
    if promised is None:
        return kept.reindex(columns=[*KEPT_PROMISES, *(f"promised_{name}" for name in KEPT_PROMISES)]).reset_index()
    promised = promised.set_index(PROMISED_FOR)[list(KEPT_PROMISES)].add_prefix("promised_")
    return kept.join(promised, how="inner").reset_index()


def scores_kept(run_id: str) -> pd.DataFrame | None:
    """Return the scores that a run kept; None where it is not in this store, as after a move, or they are damaged."""
    try:
        scores = run_record.read_table(run_id, "scores")
    except InputError:
        return None
    return scores if {*KEYS, *METRICS} <= set(scores) else None


def scorable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the backtest scores too: no further sums, nor a level of which a type is kept back."""
    own = (table["crime_level"] != "group") & ~table["crime_type"].astype(str).str.endswith(EXCLUDING)
    table = table[own]
    types = table.groupby(["area_level", "crime_level"], observed=True)["crime_type"].nunique()
    whole = types == types.groupby("crime_level", observed=True).transform("max")
    levels = pd.MultiIndex.from_frame(table[["area_level", "crime_level"]].astype(str))
    return table[levels.isin(whole.index[whole].map(lambda level: tuple(map(str, level))))]


def said_by(release: Path, shown: ds.Expression) -> pd.DataFrame | None:
    """Return rows of a release's forecast; None, with a warning, where they cannot be read."""
    try:
        return parts_that_add_up(ds.dataset(release / "forecast.parquet").to_table(filter=shown).to_pandas())
    except (OSError, pa.ArrowException) as damage:
        # A damaged release of long ago must not keep a new one from being made.
        warnings.warn(f"{release.name} is not watched ({damage}); see `wardcast releases verify`", stacklevel=2)
        return None
