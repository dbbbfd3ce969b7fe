"""The Metropolitan Police's own layouts of streams.

Walk in: the monthly dashboard's flags by borough and team, violence against women and girls, minutes of dedicated ward
officers. Walk out: rows of a stream, by area code, series and month.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from sources.crime.months import months_of
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.streams.entries import StreamEntry
from sources.streams.tables import ONE_SERIES

BOROUGH_ROWS, TEAM_ROWS = "Borough", "Safer Neighbourhood Teams"
LOCATION, CLASSIFICATION = "Offence count location", "Offence count classification"
NO_KNOWN_BOROUGH = {"Other", "Unknown", "", "nan"}

_DASHBOARD = ["month_year", "area_type", "area_code", "crime_type", "crime_subtype", "measure", "count"]
_VAWG = ["sheet", "borough_name", "recorded_date_months", "crimsec_group", "count"]


def read_dashboard(file: Path, about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return one flag and measure of the monthly dashboard's file, by borough, or by team where the areas are wards.

    Codes and subtypes may have stray spaces. Rows of no known area stand under the force's code. Borough and team rows
    repeat the same offences, so they must agree month by month.

    Raises
    ------
    InputError
        If a column is missing, a row repeats another, a count is no whole number, the flag or measure has no rows, or
        borough and team rows disagree.
    """
    table = read_table(file, _DASHBOARD)
    text = {
        name: table[name].astype(str).str.strip() for name in ("area_type", "crime_type", "crime_subtype", "measure")
    }
    wanted = (text["crime_type"] == about.flag) & (text["measure"] == about.measure)
    rows = table[wanted]
    keys = _DASHBOARD[:-1] + [name for name in ("area_name", "borough_snt") if name in table]
    refuse_repeats(rows, keys, file)
    if rows.empty:
        raise InputError(
            f"The file has no rows of {about.measure!r} of {about.flag!r}",
            file=file,
            column="crime_type, measure",
            remedy="Obtain the file again, whole, or correct `flag` and `measure` of the stream.",
        )
    counts = pd.DataFrame(
        {
            "kind": text["area_type"][wanted],
            "area_code": rows["area_code"].astype(str).str.strip(),
            "series": text["crime_subtype"][wanted],
            "start": months_of(rows, "month_year", file),
            "value": numbers(rows, ["count"], file, whole=True)["count"],
        }
    )
    _refuse_disagreement(counts, file)
    chosen, column = (TEAM_ROWS, "ward_code") if about.areas == "ward" else (BOROUGH_ROWS, "borough_code")
    return _by_code(counts[counts["kind"] == chosen], areas, column)


def read_vawg(file: Path, about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return violence against women and girls, by borough from the sheet of places, or by group from that of offences.

    The two sheets count the same offences, so they are never added, and must agree month by month.

    Raises
    ------
    InputError
        If a column is missing, a count is no whole number, a borough is unknown, or the sheets disagree.
    """
    table = read_table(file, _VAWG)
    sheet = table["sheet"].astype(str).str.strip()
    counts = pd.DataFrame(
        {
            "kind": sheet,
            "start": months_of(table, "recorded_date_months", file),
            "value": numbers(table, ["count"], file, whole=True)["count"],
        }
    )
    known = counts["kind"].isin([LOCATION, CLASSIFICATION])
    if not known.all():
        raise _unknown(table, known, "sheet", [LOCATION, CLASSIFICATION], file)
    _refuse_disagreement(counts.assign(series=ONE_SERIES), file)
    chosen = counts["kind"] == (CLASSIFICATION if about.areas == "force" else LOCATION)
    counts, table = counts[chosen], table[chosen]
    force = areas["force_code"].iloc[0]
    if about.areas == "force":
        counts = counts.assign(area_code=force, series=table["crimsec_group"].astype(str).str.strip())
    else:
        counts = counts.assign(area_code=_boroughs(table, "borough_name", areas, file), series=ONE_SERIES)
    return _summed(counts)


def read_ward_officers(file: Path, about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return minutes of dedicated ward officers by borough, use and month.

    A use without a row in a month that the borough has rows of is zero minutes; a borough without any row was not
    counted yet.

    Raises
    ------
    InputError
        If a column is missing, a row repeats another, minutes are no number, or a borough is unknown.
    """
    table = read_table(file, ["month", "borough", "abstraction_type", "minutes"])
    refuse_repeats(table, ["month", "borough", "abstraction_type"], file)
    rows = pd.DataFrame(
        {
            "area_code": _boroughs(table, "borough", areas, file),
            "series": table["abstraction_type"].astype(str).str.strip(),
            "start": months_of(table, "month", file),
            "value": numbers(table, ["minutes"], file)["minutes"],
        }
    )
    counted = rows[["area_code", "start"]].drop_duplicates()
    whole = counted.merge(pd.DataFrame({"series": sorted(set(rows["series"]))}), how="cross")
    return _summed(pd.concat([rows, whole.assign(value=0.0)], ignore_index=True))


def _boroughs(table: pd.DataFrame, column: str, areas: pd.DataFrame, file: Path) -> pd.Series:
    """Return borough codes by name, the force's for names that stand for no known borough."""
    names = table[column].astype(str).str.strip()
    code = names.map(dict(zip(areas["borough_name"], areas["borough_code"], strict=True)))
    code = code.where(~names.isin(NO_KNOWN_BOROUGH), areas["force_code"].iloc[0])
    if code.isna().any():
        raise _unknown(table, code.notna(), column, sorted(set(areas["borough_name"])), file)
    return code


def _by_code(counts: pd.DataFrame, areas: pd.DataFrame, column: str) -> pd.DataFrame:
    known = counts["area_code"].isin(areas[column])
    return _summed(counts.assign(area_code=counts["area_code"].where(known, areas["force_code"].iloc[0])))


def _summed(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.groupby(["area_code", "series", "start"])["value"].sum().reset_index()


def _refuse_disagreement(counts: pd.DataFrame, file: Path) -> None:
    """Refuse a file whose two ways of counting the same offences, `kind`, give different totals of a month."""
    totals = counts.pivot_table(index=["start", "series"], columns="kind", values="value", aggfunc="sum", fill_value=0)
    if totals.shape[1] < 2:
        return
    differing = totals[totals.iloc[:, 0] != totals.iloc[:, 1]]
    if len(differing):
        (month, series), (one, other) = differing.index[0], differing.iloc[0]
        raise InputError(
            f"Rows of {totals.columns[0]!r} and of {totals.columns[1]!r} count the same offences and do not agree: "
            f"{one:,.0f} and {other:,.0f} of {series!r}",
            file=file,
            column="count",
            value=f"{month:%Y-%m}",
            remedy="Obtain the file again, whole.",
        )


def _unknown(table: pd.DataFrame, known: pd.Series, column: str, names: Iterable[str], file: Path) -> InputError:
    first = table.index[~known][0]
    return InputError(
        f"The file names a {column.split('_')[0]} that is not known",
        file=file,
        row=int(first),
        column=column,
        value=str(table.loc[first, column]),
        remedy=f"Known are: {'; '.join(names)}.",
    )
