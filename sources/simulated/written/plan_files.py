"""A plan folder as the fictional force would fill it: from what it observed of its work, never from the truth.

Walks in: a `PlanTruth`, a random generator. Walk out: `plan/` below the data folder, and the truth beside the other
truths. Hours are means of sampled service times, shares are of counted cases, each with its standard error.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sources.simulated.plan_truth import (
    FUNCTIONS,
    HOURS,
    POSTS_SHORT,
    PRODUCTIVE,
    STREAMS,
    TELEPHONE_BEFORE_LEVER,
    PlanTruth,
)
from sources.simulated.written.files import write_csv, write_parquet

TIMES_SAMPLED = 150  # cases a crime type and function whose times were written down
CASES_COUNTED = 5_000
DETECTIVES_THERE = 0.9  # of their posts
_SPREAD_OF_TIMES = 0.9  # of the logarithm: service times are skewed
_Z90 = 1.2816
_SAID = {"country": "SIMULATED", "quality": "measured"}

_PLAN = """\
# SIMULATED: the plan of a force that does not exist, from what it observed of its work.
name = "own"
who = "Strategic insight unit"
why = "What holding the service of the last recorded year would take."
years = 4
scenarios = ["low", "high", "young held"]
discovered = ["POSSESSION OF DRUGS", "TRAFFICKING OF DRUGS", "POSSESSION OF WEAPONS"]
"""


def write_plan_folder(folder: Path, truth: PlanTruth, last_month: pd.Timestamp, generator: np.random.Generator) -> None:
    """Write the force's plan folder."""
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(_PLAN, encoding="utf-8")
    year = str(last_month.year)
    write_csv(_workload(truth, year, generator), folder / "workload.csv")
    write_csv(_handling(truth, year, generator), folder / "handling.csv")
    write_csv(_streams(truth, year), folder / "streams.csv")
    write_csv(_time(year), folder / "time.csv")
    write_csv(_people(truth, last_month), folder / "people.csv")
    write_csv(_calls(truth, year), folder / "calls.csv")


def write_plan_truth(folder: Path, truth: PlanTruth) -> None:
    """Write what the plan folder was drawn from."""
    types = np.repeat(truth.crime_types, len(FUNCTIONS))
    hours = pd.DataFrame({"crime_type": types, "function": [*FUNCTIONS] * len(truth.crime_types)})
    write_parquet(hours.assign(hours=truth.hours.ravel()), folder / "plan_hours.parquet")
    people = pd.DataFrame({"function": FUNCTIONS, "base_hours": truth.base_hours, "officers": truth.officers})
    write_parquet(people, folder / "plan_people.parquet")
    shares = pd.DataFrame(
        [(*key, share) for key, share in truth.shares.items()], columns=["stage", "given", "way", "share"]
    )
    write_parquet(shares.assign(lever_month=truth.lever_month), folder / "plan_shares.parquet")


def _workload(truth: PlanTruth, year: str, generator: np.random.Generator) -> pd.DataFrame:
    rows = []
    for place, crime_type in enumerate(truth.crime_types):
        for column, function in enumerate(FUNCTIONS):
            row = _observed(truth.hours[place, column], generator)
            rows.append((crime_type, function, HOURS[function][2], *row, f"times of {crime_type}, {function}"))
    for name, (_, hours, function, _) in STREAMS.items():
        rows.append((name, function, "", *_observed(hours, generator), f"times of {name}"))
    table = pd.DataFrame(rows, columns=["what", "function", "way", "p10", "p50", "p90", "error_group"])
    return table.assign(from_month="", officers=1, unit="hours", year=year, source="sampled service times", **_SAID)


def _observed(mean: float, generator: np.random.Generator) -> tuple[float, float, float]:
    """Return the mean of sampled times, below and above it an 80 % interval by its standard error."""
    scale = mean / np.exp(_SPREAD_OF_TIMES**2 / 2)
    times = scale * np.exp(_SPREAD_OF_TIMES * generator.normal(size=TIMES_SAMPLED))
    error = times.std(ddof=1) / np.sqrt(TIMES_SAMPLED)
    middle = times.mean()
    return tuple(np.round([max(middle - _Z90 * error, 0), middle, middle + _Z90 * error], 4))


def _handling(truth: PlanTruth, year: str, generator: np.random.Generator) -> pd.DataFrame:
    rows = []
    for stage, given in dict.fromkeys((stage, given) for stage, given, _ in truth.shares):
        ways = {way: share for (at, under, way), share in truth.shares.items() if (at, under) == (stage, given)}
        months = {"": ways}
        if stage == "handled by":
            before = {"telephone unit": TELEPHONE_BEFORE_LEVER, "attended": 1 - TELEPHONE_BEFORE_LEVER}
            months = {"": before, f"{truth.lever_month:%Y-%m}": ways}
        for month, shares in months.items():
            counts = generator.multinomial(CASES_COUNTED, list(shares.values()))
            found = np.round(counts / CASES_COUNTED, 6)
            error = _Z90 * np.sqrt(found * (1 - found) / CASES_COUNTED)
            low, high = np.clip(found - error, 0, 1).round(6), np.clip(found + error, 0, 1).round(6)
            group = f"counts of {stage} {given} {month}".strip()
            rows += [
                ("all", stage, given, way, month, *values, group)
                for way, *values in zip(shares, low, found, high, strict=True)
            ]
    table = pd.DataFrame(rows, columns=["what", "stage", "given", "way", "month", "p10", "p50", "p90", "error_group"])
    return table.assign(unit="share", year=year, source="counted cases", **_SAID)


def _streams(truth: PlanTruth, year: str) -> pd.DataFrame:
    rows = [
        (name, STREAMS[name][3], "fixed", "", *[number] * 3, f"counts of {name}")
        for name, number in truth.streams.items()
    ]
    columns = ["stream", "category", "projected_by", "of", "p10", "p50", "p90", "error_group"]
    return pd.DataFrame(rows, columns=columns).assign(unit="cases a year", year=year, source="counted cases", **_SAID)


def _time(year: str) -> pd.DataFrame:
    rows = [("all", kind, kind, *[value] * 3, "rosters") for kind, value in PRODUCTIVE.items()]
    columns = ["role", "kind", "name", "p10", "p50", "p90", "error_group"]
    said = {"area": "force", "unit": "hours or share", "year": year, "source": "rosters"}
    return pd.DataFrame(rows, columns=columns).assign(**said, **_SAID)


def _people(truth: PlanTruth, last_month: pd.Timestamp) -> pd.DataFrame:
    month = f"{last_month:%Y-%m}"
    posts = np.round(truth.officers * (1 - POSTS_SHORT), 1)
    rows: list[tuple[object, ...]] = [
        ("", month, function, "actual", there, "", "", "") for function, there in zip(FUNCTIONS, posts, strict=True)
    ]
    total, national = posts.sum(), round(float(posts.sum()) * 0.1, 1)
    rows.append(("", month, "national", "actual", national, "", "", ""))
    for years, share in ((0, 1.0), (2, 0.95), (4, 0.88)):
        then = last_month + pd.DateOffset(years=years)
        rows.append(("fewer", f"{then:%Y-%m}", "all", "planned", round((total + national) * share, 1), "", "", ""))
    joiners, leavers = round(total * 0.012, 2), round(total * 0.006, 2)
    response = posts[FUNCTIONS.index("response")]
    part = response / total
    rows.append(("recruiting", month, "response", "planned", response, joiners * part, leavers * part, 18))
    columns = ["path", "month", "function", "kind", "fte", "joiners", "leavers", "months_to_readiness"]
    table = pd.concat(
        [
            pd.DataFrame(rows, columns=columns).assign(rank="all", skill="all"),
            _ranks(total + national, month),
            _detectives(posts[FUNCTIONS.index("investigation")], month),
        ]
    ).fillna("")
    said = {"area": "force", "role": "officer", "year": str(last_month.year), "source": "human resources"}
    return table.assign(**said, **_SAID)


def _ranks(total: float, month: str) -> pd.DataFrame:
    """Return all people by rank, in the shares of an ordinary force."""
    shares = {"constable": 0.79, "sergeant": 0.15, "inspector": 0.04, "chief inspector": 0.02}
    rows = [("", month, "all", "actual", round(total * share, 2), rank, "all") for rank, share in shares.items()]
    return pd.DataFrame(rows, columns=["path", "month", "function", "kind", "fte", "rank", "skill"])


def _detectives(investigators: float, month: str) -> pd.DataFrame:
    """Return posts of detectives there is money for, nine in ten of which are filled."""
    posts = round(investigators * 0.8, 2)
    rows = [
        ("", month, "investigation", kind, fte, "all", "detective")
        for kind, fte in (("budgeted", posts), ("actual", round(posts * DETECTIVES_THERE, 2)))
    ]
    return pd.DataFrame(rows, columns=["path", "month", "function", "kind", "fte", "rank", "skill"])


def _calls(truth: PlanTruth, year: str) -> pd.DataFrame:
    """Return calls by grade and hour of the week: busy evenings, busier at weekends, two units to the most urgent."""
    hour = np.arange(24 * 7)
    shape = (1 + 0.55 * np.sin((hour % 24 - 11) / 24 * 2 * np.pi)) * np.where(hour // 24 >= 4, 1.2, 0.9)
    shape /= shape.mean()
    cases = truth.base_hours[FUNCTIONS.index("response")] / HOURS["response"][0] / (365.25 * 24)
    parts = []
    for grade, share, travel, service, units in (
        ("I", 0.3, 0.11, 1.0, 2),
        ("S", 0.45, 0.25, 1.1, 1),
        ("E", 0.25, 0.4, 0.8, 1),
    ):
        row = {"travel_hours": travel, "service_hours": service, "service_cv": 1.1, "units": units}
        parts.append(
            pd.DataFrame(
                {"grade": grade, "hour_of_week": hour, "calls_an_hour": (cases * share * shape).round(5), **row}
            )
        )
    table = pd.concat(parts, ignore_index=True)
    work = table["calls_an_hour"] * (table["travel_hours"] + table["service_hours"]) * table["units"]
    needed = work.groupby(table["hour_of_week"]).sum()
    duty = np.ceil(needed / 0.6 + 2)  # six in ten hours on duty go to calls, and two units more
    return table.assign(units_on_duty=table["hour_of_week"].map(duty), year=year, source="command and control", **_SAID)
