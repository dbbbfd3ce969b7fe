"""The scorecard for partners as a page, a table and a picture.

Walks in: `Contents`. Walks out: `scorecard.html`, `scorecard.csv` (its name marked where simulated or internal) and
`pictures/scorecard.svg`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from models.forecast.vocabulary import ALL_RECORDED
from publication.charts.charts import save_picture
from publication.charts.range_chart import range_chart
from publication.numbers.record.scorecard import COUNTS, KNIFE_CRIME, scorecard, wanted_types
from publication.numbers.record.stream_scorecard import stream_scorecard
from publication.numbers.recorded import NEIGHBOURHOOD, measure_told
from publication.pages.rendering import Formats, Table, shown, write_html
from publication.release.contents import Contents, CrimeTypes, OtherDemand
from publication.tables.forecast_files import DECIMALS, write_csv
from publication.words import change, month_name, per_cent, ranges, sentence_case, whole

_AREA = ["area_level", "area_code"]


def write_scorecard(folder: Path, contents: Contents) -> None:
    """Write the scorecard as a page, a CSV file and a picture into a release's folder."""
    table = scorecard(contents)
    write_csv(
        folder / f"scorecard{contents.facts.mark}.csv",
        table.round({"expected": DECIMALS}).astype(dict.fromkeys(COUNTS, "Int64")),
    )
    flags = stream_scorecard(contents)
    if len(flags):
        write_csv(folder / f"streams_scorecard{contents.facts.mark}.csv", flags)
    past = table[table["part"] == "last_year"]
    picture = None
    total = past[(past["crime_level"] == "all") & (past["area_level"] == "borough")]
    if len(total):
        (folder / "pictures").mkdir(exist_ok=True)
        picture = "pictures/scorecard.svg"
        save_picture(_picture(total, contents), folder / picture)
    figures = _page(table, contents) | {"flags": _flag_tables(flags, contents.other_demand)}
    write_html(folder / "scorecard.html", "scorecard.html", contents, picture=picture, **figures)


def _picture(total: pd.DataFrame, contents: Contents) -> Figure:
    first, last = total["first_month"].iloc[0], total["last_month"].iloc[0]
    facts = contents.facts
    return range_chart(
        total.sort_values("area_name"),
        title=f"Recorded crime from {month_name(first)} to {month_name(last)}, against the forecast made a year before",
        source=f"Source: {facts.force.name}, recorded crime excluding fraud, "
        f"to {month_name(facts.origin)}. Release {facts.name}.",
        simulated=facts.force.simulated,
    )


def _page(table: pd.DataFrame, contents: Contents) -> dict[str, Any]:
    past, ahead, knife = (table[table["part"] == part] for part in ("last_year", "next_quarter", "knife_crime"))
    total = ("all", contents.crime.total)
    return {
        "months": _months(past),
        "quarter": _months(ahead),
        "quarter_found": _quarter_in_words(_of(ahead, total)),
        "counted_offences": "all recorded offences"
        if measure_told(contents.ahead, "borough") == ALL_RECORDED
        else "offences with a known ward",
        "knife_found": [
            _knife_in_words(series, knife[knife["crime_type"] == series]) for series in KNIFE_CRIME if len(knife)
        ],
        "knife_months": _months(knife),
        "force": _force_row(_of(past, total)),
        "counted": _counted(_of(past, total)),
        "neighbourhood_force": _force_row(_of(past, NEIGHBOURHOOD)),
        "neighbourhood_counted": _counted(_of(past, NEIGHBOURHOOD)),
        "total": sentence_case(contents.crime.total),
        "all_crime": _past_table("all-crime", f"{sentence_case(contents.crime.total)}, by borough", _of(past, total)),
        "sum_has_interval": bool(_of(past, NEIGHBOURHOOD)["low"].notna().any()),
        "neighbourhood": _past_table("neighbourhood", "Neighbourhood crime, by borough", _of(past, NEIGHBOURHOOD)),
        "types": _types_table(past, contents.crime),
        "ahead": _quarter_table(_of(ahead, total), _of(ahead, NEIGHBOURHOOD)),
        "has_intervals": bool(ahead["low"].notna().any()),
        "knife": [_knife_table(series, knife[knife["crime_type"] == series]) for series in KNIFE_CRIME if len(knife)],
        "members": [sentence_case(name) for level, name in wanted_types(contents.crime) if level == "minor"],
    }


def _months(table: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    return (table["first_month"].iloc[0], table["last_month"].iloc[0]) if len(table) else None


def _of(table: pd.DataFrame, key: tuple[str, str]) -> pd.DataFrame:
    return table[(table["crime_level"] == key[0]) & (table["crime_type"] == key[1])]


def _force_row(rows: pd.DataFrame) -> dict[str, Any] | None:
    of_force = rows[rows["area_level"] == "force"]
    return None if of_force.empty else {str(name): of_force[name].iloc[0] for name in of_force}


def _counted(rows: pd.DataFrame) -> dict[str, int]:
    """Return how many boroughs came in inside, above and below their interval."""
    outcomes = rows.loc[rows["area_level"] == "borough", "outcome"]
    return {outcome: int((outcomes == outcome).sum()) for outcome in ("inside", "above", "below")}


def _past_table(identifier: str, caption: str, rows: pd.DataFrame) -> Table | None:
    if rows.empty:
        return None
    table = pd.DataFrame(
        {
            "Area": rows["area_name"],
            "Middle forecast": rows["middle"].fillna(rows["expected"]),
            "8 in 10 range": ranges(rows["low"], rows["high"]),
            "Recorded": rows["recorded"],
            "Difference": _change(rows["recorded"], rows["middle"].fillna(rows["expected"])),
            "Came in": rows["outcome"],
        }
    )
    if rows["low"].isna().all():
        table = table.drop(columns=["8 in 10 range", "Came in"])
    formats: Formats = {"Middle forecast": whole, "8 in 10 range": str, "Recorded": whole, "Difference": change}
    return shown(identifier, caption, table, formats)


def _types_table(past: pd.DataFrame, crime: CrimeTypes) -> Table | None:
    """Return a row a borough and a column a neighbourhood crime: where it came in, and by how much it differs."""
    rows = past[past["crime_level"] == "minor"]
    if rows.empty:
        return None
    words = _change(rows["recorded"], rows["middle"].fillna(rows["expected"])).map(change) + " " + rows["outcome"]
    wide = rows.assign(words=words).pivot(
        index=["area_level", "area_name", "area_code"], columns="crime_type", values="words"
    )
    order = [name for level, name in wanted_types(crime) if level == "minor"]
    wide = (
        wide.reindex(columns=order)  # what is kept back everywhere has no column, and elsewhere no cell
        .sort_index(level=["area_level", "area_name"], ascending=[False, True])
        .reset_index()
    )
    table = wide.rename(columns={"area_name": "Area"} | {name: sentence_case(name) for name in order})
    caption = "The neighbourhood crimes one by one: recorded against expected, and where it came in"
    return shown("neighbourhood-types", caption, table.drop(columns=["area_level", "area_code"]))


def _quarter_table(total: pd.DataFrame, neighbourhood: pd.DataFrame) -> Table | None:
    if total.empty:
        return None
    # What is kept back of one of the two has no row: areas with a single ward, in an open release.
    areas = pd.MultiIndex.from_frame(total[_AREA])
    parts = {"All crime": total, "Neighbourhood crime": neighbourhood.set_index(_AREA).reindex(areas).reset_index()}
    formats: Formats = {}
    table = pd.DataFrame({"Area": total["area_name"].to_numpy()})
    for words, rows in parts.items():
        if rows["expected"].isna().all():
            continue
        between = pd.Series(ranges(rows["low"], rows["high"])).where(rows["low"].notna().to_numpy())
        columns: dict[str, tuple[pd.Series, Any]] = {
            f"{words}: same quarter last year": (rows["recorded_before"], whole),
            f"{words}: middle forecast": (middle := rows["middle"].fillna(rows["expected"]), whole),
            f"{words}: 8 in 10 range": (between, str),
            f"{words}: change": (_change(middle, rows["recorded_before"]), change),
        }
        if rows["low"].isna().all():
            del columns[f"{words}: 8 in 10 range"]
        table = table.assign(**{name: values.to_numpy() for name, (values, _) in columns.items()})
        formats |= {name: form for name, (_, form) in columns.items()}
    return shown("next-quarter", "The next quarter, by borough", table, formats)


def _quarter_in_words(total: pd.DataFrame) -> str:
    """Say what the quarter is expected to bring the force, against the same quarter of the last year."""
    row = _force_row(total)
    if row is None or not row["recorded_before"] > 0:
        return ""
    middle = row["expected"] if pd.isna(row["middle"]) else row["middle"]
    text = (
        f"Whole force: {whole(middle)} in the middle forecast, against {whole(row['recorded_before'])} in the same "
        f"quarter of the last year ({change(middle / row['recorded_before'] - 1)})."
    )
    return text if pd.isna(row["low"]) else f"{text} 8 in 10 chance of {whole(row['low'])} to {whole(row['high'])}."


def _knife_in_words(series: str, rows: pd.DataFrame) -> str:
    """Say how the force's number has changed, and in which boroughs by more than chance."""
    row = _force_row(rows)
    if row is None:
        return ""
    boroughs = rows[rows["area_level"] == "borough"]
    text = (
        f"{series.capitalize()}, whole force: {whole(row['recorded'])}, against {whole(row['recorded_before'])} in the "
        f"twelve months before."
    )
    for outcome in ("rose", "fell"):
        named = boroughs.loc[boroughs["outcome"] == outcome, "area_name"].tolist()
        if named:
            text += f" By more than chance it {outcome} in {', '.join(named)}."
    return text


def _knife_table(series: str, rows: pd.DataFrame) -> Table:
    table = pd.DataFrame(
        {
            "Area": rows["area_name"],
            "Twelve months before": rows["recorded_before"],
            "Last twelve months": rows["recorded"],
            "Change": _change(rows["recorded"], rows["recorded_before"]),
            "Beyond chance?": rows["outcome"],
        }
    )
    formats: Formats = {"Twelve months before": whole, "Last twelve months": whole, "Change": change}
    return shown(series.replace(" ", "-"), series.capitalize(), table, formats)


def _flag_tables(flags: pd.DataFrame, other: OtherDemand) -> list[Table]:
    """Return a table a flag: its last year against the forecast of it, and its next quarter, by borough."""
    tables = []
    titles = dict(zip(other.streams["stream"], other.streams["title"], strict=True)) if len(flags) else {}
    for (stream, series), rows in flags.groupby(["stream", "series"], sort=False):
        title = str(titles[stream])
        table = pd.DataFrame(
            {
                "Area": rows["area_name"],
                "Last year: middle forecast": rows["middle"],
                "Last year: 8 in 10 range": ranges(rows["low"], rows["high"]),
                "Last year: recorded": rows["recorded"],
                "Came in": rows["outcome"],
                "Next quarter: a year before": rows["quarter_year_before"],
                "Next quarter: middle forecast": rows["quarter_middle"],
                "Next quarter: 8 in 10 range": ranges(rows["quarter_low"], rows["quarter_high"]),
                "Chance of a rise": rows["chance_of_rise"],
            }
        )
        told = table.loc[:, table.notna().any()]
        numbers = [str(name) for name in told if told[name].dtype.kind in "iuf" and name != "Chance of a rise"]
        formats: Formats = {**dict.fromkeys(numbers, whole), "Chance of a rise": per_cent}
        caption = title if series == "all" else f"{title}: {series}"
        identifier = re.sub("[^a-z0-9]+", "-", f"{stream} {series}".lower()).strip("-")
        tables.append(shown(identifier, caption, told, {name: formats[name] for name in told if name in formats}))
    return tables


def _change(now: pd.Series, before: pd.Series) -> pd.Series:
    return now / before.where(before > 0) - 1
