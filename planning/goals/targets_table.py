"""Tables of targets: each with its chance, and beside it what of the same area and year is not targeted.

Walk in: a plan's targets, its demand with and without judgements, and the recorded past. Walk out: rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planning.areas import PlanAreas
from planning.demand.plan_demand import PlanDemand
from planning.folder.goals.contracts_of_goals import AT_MOST, OF_COUNTS, RATE, SHARE, SURVEY
from planning.folder.goals.lists import counted
from planning.folder.stakes.check_risk import NOBODY
from planning.goals.beside import beside_rows
from planning.goals.counts import MONTHS_A_YEAR, Counted, Past, year_draws
from planning.goals.targets import chance_of, change_a_month, survey_interval

FORECAST, PARTLY, OVER, GIVEN = "forecast", "partly recorded", "recorded", "not forecast"
_THOUSAND = 1000.0
_FORECAST = ["mean", "chance", "chance_without_judgements", "needed_a_month", "expected_a_month"]
_KEPT = ["target", "what", "measure", "direction", "set_by", "source"]


@dataclass(frozen=True, eq=False)
class GoalGround:
    """What targets are worked out from; demand : with judgements, forecast : without; residents by ward code."""

    demand: PlanDemand
    forecast: PlanDemand
    past: Past
    areas: PlanAreas
    majors: Mapping[str, str]
    residents_of: Mapping[str, float]
    priorities: pd.DataFrame

    def place(self, area: str) -> int:
        """Return the place of an area, by its code or name, among the plan's."""
        if area == "force":
            return self.areas.force
        table = self.areas.table
        return int(np.flatnonzero((table["area_code"] == area) | (table["area_name"] == area))[0])

    def residents(self, area: str) -> float:
        """Return residents of an area of the plan, missing where they are not known."""
        inside = self.areas.member[self.place(area)][self.areas.borough_of_ward] > 0
        wards = self.demand.kept.by_year["ward"].to_numpy()[inside]
        return float(sum(self.residents_of.get(str(ward), np.nan) for ward in wards))


def targets_tables(targets: pd.DataFrame, ground: GoalGround) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return `targets` and `targets_beside`, and what is to be said of targets that cannot be told."""
    counted_rows = targets[targets["measure"].isin(OF_COUNTS)]
    wholes = [_wholes(row, ground) for _, row in counted_rows.iterrows()]
    wanted = [one for pair in wholes for one in pair]
    drawn, alone = (year_draws(demand, ground.past, wanted) for demand in (ground.demand, ground.forecast))
    rows, beside, notes = [], [], []
    for place, (_, row) in enumerate(counted_rows.iterrows()):
        what, every = wholes[place]
        pairs = [(values[2 * place], values[2 * place + 1]) for values in (drawn, alone)]
        scaled = [_measured(pair, row, ground) for pair in pairs]
        aim = _aim(row, what, every, ground)
        if aim is None or scaled[0] is None or scaled[1] is None:
            notes.append(f"The target {row['target']!r} is not told: its past months are not known.")
            continue
        rows.append(_row(row, what, ground, aim, (scaled[0], scaled[1])))
        beside.append((row, what))
    rows += [_given(row, ground) for _, row in targets[~targets["measure"].isin(OF_COUNTS)].iterrows()]
    tables = {
        "targets": _with_every_column(pd.DataFrame(rows)),
        "targets_beside": beside_rows(beside, ground.demand, ground.past, ground.majors),
    }
    return {name: table for name, table in tables.items() if len(table)}, notes


def _with_every_column(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the columns of what is forecast, missing where nothing is."""
    return rows.reindex(columns=[*rows.columns, *(name for name in _FORECAST if name not in rows)])


def _wholes(row: pd.Series, ground: GoalGround) -> tuple[Counted, Counted]:
    """Return what a target counts, and everything recorded of the area."""
    members = ground.areas.member[ground.place(row["area"])] > 0
    types = counted(row["what"], ground.priorities, ground.demand.types, ground.majors)
    what = Counted(members, types, pd.Timestamp(row["year_from"]))
    return what, replace(what, types=np.ones_like(types))


def _measured(
    pair: tuple[np.ndarray | None, np.ndarray | None], row: pd.Series, ground: GoalGround
) -> np.ndarray | None:
    number, every = pair
    if number is None or every is None:
        return None
    return _as_measure(number, every, row, ground)


def _as_measure(number: np.ndarray, every: np.ndarray, row: pd.Series, ground: GoalGround) -> np.ndarray:
    if row["measure"] == SHARE:
        return np.divide(number, every, out=np.zeros_like(number), where=every > 0)
    return number * (_THOUSAND / ground.residents(row["area"]) if row["measure"] == RATE else 1.0)


def _recorded(year_from: pd.Timestamp, what: Counted, every: Counted, row: pd.Series, ground: GoalGround) -> float:
    """Return the measure in a recorded year, missing where that is not known."""
    number, whole = ground.past.year(what, year_from), ground.past.year(every, year_from)
    if number is None or whole is None:
        return np.nan
    return float(_as_measure(np.array([number]), np.array([whole]), row, ground)[0])


def _aim(row: pd.Series, what: Counted, every: Counted, ground: GoalGround) -> tuple[float, float] | None:
    """Return baseline and level aimed at, the baseline missing where there is none; None where they are not known."""
    baseline = float(row["baseline"])
    if pd.notna(row["baseline_from"]):
        baseline = _recorded(row["baseline_from"], what, every, row, ground)
    aim = float(row["level"]) if pd.notna(row["level"]) else baseline * (1 + float(row["change"]))
    return None if np.isnan(aim) else (baseline, aim)


def _row(
    row: pd.Series, what: Counted, ground: GoalGround, aim: tuple[float, float], values: Sequence[np.ndarray]
) -> dict[str, object]:
    baseline, level = aim
    drawn, alone = (chance_of(of, level, row["direction"]) for of in values)
    past = ground.past
    known = int((what.months <= past.last_month).sum())
    last_from = past.last_month - pd.DateOffset(months=MONTHS_A_YEAR - 1)
    needed, expected = (_a_month(one, row, what, ground) for one in (level, drawn.mean))
    last = _recorded(last_from, what, replace(what, types=np.ones_like(what.types)), row, ground)
    return {
        **_named(row, ground),
        "baseline": baseline,
        "aim": level,
        "last": last,
        "mean": drawn.mean,
        "q10": drawn.low,
        "q90": drawn.high,
        "chance": drawn.met,
        "chance_without_judgements": alone.met,
        "expected_miss": drawn.miss,
        "needed_a_month": needed,
        "expected_a_month": expected,
        "months_recorded": known,
        "standing": OVER if known == MONTHS_A_YEAR else PARTLY if known else FORECAST,
    }


def _a_month(level: float, row: pd.Series, what: Counted, ground: GoalGround) -> float:
    """Return the change a month that brings the year to a level; missing of shares and of years that are over."""
    past = ground.past
    known = what.months[what.months <= past.last_month]
    recorded = past.months(what, known) if len(known) else np.zeros(1)
    if row["measure"] == SHARE or recorded is None:
        return np.nan
    ahead = what.months[what.months > past.last_month]
    from_now = (ahead.year - past.last_month.year) * MONTHS_A_YEAR + ahead.month - past.last_month.month
    last_year = past.last_year(what)[(np.asarray(from_now) - 1) % MONTHS_A_YEAR]
    scale = _THOUSAND / ground.residents(row["area"]) if row["measure"] == RATE else 1.0
    return change_a_month(level / scale, float(recorded.sum()), last_year, np.asarray(from_now, dtype=float))


def _given(row: pd.Series, ground: GoalGround) -> dict[str, object]:
    """Return the row of a target whose figures the force gives: where it stands, without a chance."""
    latest, baseline = float(row["latest"]), float(row["baseline"])
    low, high = survey_interval(latest, float(row["n"])) if row["measure"] == SURVEY else (np.nan, np.nan)
    aim = float(row["level"]) if pd.notna(row["level"]) else baseline * (1 + float(row["change"]))
    wrong = latest - aim if row["direction"] == AT_MOST else aim - latest
    return {
        **_named(row, ground),
        "baseline": baseline,
        "aim": aim,
        "last": latest,
        "q10": low,
        "q90": high,
        "expected_miss": max(wrong, 0.0),
        "months_recorded": 0,
        "standing": GIVEN,
    }


def _named(row: pd.Series, ground: GoalGround) -> dict[str, object]:
    area = ground.areas.table.iloc[ground.place(row["area"])].to_dict()
    of_force = bool(row["of_force"]) and row["set_by"] != NOBODY
    kept = {name: row[name] for name in _KEPT}
    named = {str(name): value for name, value in area.items()}
    return {**kept, **named, "year": row["year_from"], "of_force": of_force}
