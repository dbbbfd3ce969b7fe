"""What must hold between the files of a plan, and between a plan and the force it is for.

Walk in: a plan's tables and entries, and what is known of the force. Walks out: nothing, or an `InputError` that names
file, row, column and value, and what to do.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import xarray as xr

from planning.folder.check_levers import check_judgements, check_levers
from planning.folder.entries import Judgement, Lever, PlanHead
from planning.folder.ledger import check_ledger, check_streams
from planning.folder.vocabulary import ALL, FUNCTIONS, STAGES, WAYS, WAYS_TOGETHER
from planning.series import Series
from sources.files.errors import InputError

SUM_TOLERANCE = 1e-6
HOURS_A_WEEK = 168


@dataclass(frozen=True, eq=False)
class Ground:
    """What a plan stands on.

    areas : the canonical table of areas. majors : major type of each minor type. months : months ahead of the forecast.
    release : its name, empty where there is none yet. harm : of an average offence of a minor type, where known.
    residents : by ward code, newest, where known. history : (area_code, crime_type, month) offences recorded by
    borough, those of no known borough under the force's code, where known.
    series : streams that the release forecasts, and residents, by name. releases : names of those there are.
    ages : crime_type, age_basis, age_group, year, share of the type's offences, ages (how well they are known).
    """

    force_code: str
    areas: pd.DataFrame
    majors: Mapping[str, str]
    months: pd.DatetimeIndex
    release: str = ""
    harm: Mapping[str, float] = field(default_factory=dict)
    residents: Mapping[str, float] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    releases: frozenset[str] = frozenset()
    ages: pd.DataFrame = field(default_factory=pd.DataFrame)
    history: xr.DataArray | None = None

    @property
    def crimes(self) -> list[str]:
        """Every minor and major type, and `all`."""
        return [ALL, *dict.fromkeys([*self.majors, *self.majors.values()])]

    @property
    def area_names(self) -> set[str]:
        """Every code and name of an area by which people and judgements may be given, and `force`."""
        columns = [f"{level}_{part}" for level in ("borough", "bcu", "force") for part in ("code", "name")]
        return {"force", *self.areas[columns].to_numpy().ravel(), *self.areas["ward_code"]}


def check_plan(
    head: PlanHead,
    tables: Mapping[str, pd.DataFrame],
    levers: Sequence[Lever],
    judgements: Sequence[Judgement],
    ground: Ground,
    folder: Path | None,
) -> None:
    """Refuse a plan that cannot stand."""
    where = folder or Path("defaults")
    if head.base_release and ground.release and head.base_release != ground.release:
        raise InputError(
            "The plan is for another release",
            file=where / "plan.toml",
            column="base_release",
            value=head.base_release,
            remedy=f"Roll it onto {ground.release} by naming that, or plan with `--release {head.base_release}`.",
        )
    streams = list(tables["streams"]["stream"])
    refuse_unknown(tables["workload"], "what", [*ground.crimes, *streams], where / "workload.csv")
    refuse_unknown(tables["handling"], "what", ground.crimes, where / "handling.csv")
    refuse_unknown(tables["caseload"], "what", ground.crimes, where / "caseload.csv")
    check_streams(tables["streams"], tables["workload"], tables["time"], ground.crimes, ground.series, where)
    refuse_unknown(tables["people"], "area", ground.area_names, where / "people.csv", "area of another force")
    refuse_unknown(tables["time"], "area", ground.area_names, where / "time.csv", "area of another force")
    refuse_unknown(tables["time"], "role", [ALL, *FUNCTIONS], where / "time.csv")
    _check_ways(tables["workload"], where / "workload.csv")
    _check_handling(tables["handling"], where / "handling.csv")
    _check_people(tables["people"], where / "people.csv")
    _check_calls(tables["calls"], where / "calls.csv")
    check_ledger(tables["workload"], tables["streams"], tables["time"], where)
    check_levers(levers, judgements, ground.crimes, streams, ground.months, where / "levers.toml")
    file = where / "judgements.toml"
    check_judgements(judgements, ground.crimes, ground.area_names, ground.months, ground.releases, file)


def refuse_unknown(
    table: pd.DataFrame, column: str, known: Sequence[str] | set[str], file: Path, kind: str = "name that is not known"
) -> None:
    """Refuse a force's row whose name is not known."""
    # Defaults may speak of crime types that this force does not tell apart: those rows then meet nothing.
    strange = ~table[column].isin(list(known)) & table["of_force"].astype(bool)
    if strange.any():
        row = table.index[strange][0]
        some = ", ".join(sorted(map(str, known))[:12])
        raise InputError(
            f"The file has a {kind}",
            file=file,
            row=row_in_file(table, row),
            column=column,
            value=table.loc[row, column],
            remedy=f"Known are {some}{' and more' if len(known) > 12 else ''}.",
        )


def row_in_file(table: pd.DataFrame, label: Hashable) -> int | None:
    """Return the row's number in the force's own file, whose header is row 1; None for a default."""
    # The force's own rows stand first, in the order of their file.
    return int(str(label)) + 2 if table.loc[[label], "of_force"].all() else None


def _check_ways(table: pd.DataFrame, file: Path) -> None:
    for label, way in table["way"].items():
        parts = way.split(WAYS_TOGETHER) if way else []
        stages = [WAYS.get(part, "") for part in parts]
        if "" in stages or len(set(stages)) < len(stages):
            raise InputError(
                "A way of handling is not known, or two are of one stage",
                file=file,
                row=row_in_file(table, label),
                column="way",
                value=way,
                remedy=f"Ways are {', '.join(WAYS)}; join those of different stages by {WAYS_TOGETHER!r}.",
            )


def _check_handling(table: pd.DataFrame, file: Path) -> None:
    for label, row in table.iterrows():
        allowed = STAGES[row["stage"]]
        if row["way"] not in allowed or (row["given"] and row["given"] not in STAGES["handled by"]):
            raise InputError(
                f"A way is not one of the stage {row['stage']!r}",
                file=file,
                row=row_in_file(table, label),
                column="way",
                value=row["way"],
                remedy=f"Its ways are {', '.join(allowed)}.",
            )
    sums = table.groupby(["of_force", "what", "stage", "given", "month"], dropna=False)["p50"].sum()
    wrong = (sums - 1).abs() > SUM_TOLERANCE
    if wrong.any():
        _, what, stage, given, _ = sums.index[wrong][0]
        here = table[(table["what"] == what) & (table["stage"] == stage) & (table["given"] == given)]
        raise InputError(
            f"The shares of a stage sum to {sums[wrong].iloc[0]:.4f}, not to 1",
            file=file,
            row=row_in_file(here, here.index[0]),
            column="p50",
            value=f"{what}, {stage}{', given ' + given if given else ''}",
            remedy="Correct the shares of every way of this stage so that they sum to one.",
        )


def _check_calls(table: pd.DataFrame, file: Path) -> None:
    hours = table.groupby("grade", sort=False)["hour_of_week"].nunique()
    if len(hours) and hours.min() < HOURS_A_WEEK:
        raise InputError(
            "A grade lacks hours of the week",
            file=file,
            column="hour_of_week",
            value=f"{hours.idxmin()} has {hours.min()}",
            remedy=f"Give each grade {HOURS_A_WEEK} rows, 0 to {HOURS_A_WEEK - 1}; hours without calls have 0.",
        )


def _check_people(table: pd.DataFrame, file: Path) -> None:
    posts = table[(table["path"] == "") & (table["kind"] == "actual")]
    _refuse_parts_beyond_the_whole(posts, file)
    posts = posts[(posts["rank"] == ALL) & (posts["skill"] == ALL)]
    # One and the same post, in a function and in all of them together, would be counted twice.
    for (area, _month), rows in posts.groupby(["area", "month"]):
        if len(set(rows["function"])) > 1 and "all" in set(rows["function"]):
            label = rows.index[rows["function"] == "all"][0]
            raise InputError(
                "People stand in a function and in 'all' functions of one area and month: they would count twice",
                file=file,
                row=row_in_file(table, label),
                column="function",
                value=f"{area}, all",
                remedy="Give an area's people by function, or all together, not both.",
            )


def _refuse_parts_beyond_the_whole(posts: pd.DataFrame, file: Path) -> None:
    """Refuse more people of some rank, or of one skill, than there are in all of the function."""
    for _, rows in posts.groupby(["area", "function", "month", "role"]):
        total = rows.loc[(rows["rank"] == ALL) & (rows["skill"] == ALL), "fte"].sum()
        ranks = rows.loc[(rows["rank"] != ALL) & (rows["skill"] == ALL), "fte"].sum()
        most = max([ranks, *rows.loc[rows["skill"] != ALL, "fte"]], default=0.0)
        if 0 < total < most * (1 - SUM_TOLERANCE):
            label = rows.index[(rows["rank"] != ALL) | (rows["skill"] != ALL)][0]
            raise InputError(
                "There are more people of some ranks or of a skill than in all: somebody stands twice",
                file=file,
                row=row_in_file(posts, label),
                column="fte",
                value=f"{most:g} of {total:g}",
                remedy="Rows of a rank or skill are parts of the row of all ranks and skills.",
            )
