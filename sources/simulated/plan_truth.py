"""The truth of the fictional force's work: hours of a case, ways of handling, people, and a lever at a known month.

Walk in: crime types, months and a random generator. Walks out: a `PlanTruth`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FUNCTIONS = ("contact", "response", "investigation", "safeguarding", "neighbourhood", "custody and case")
# Mean hours of a case of an average type, their spread over types (of the logarithm), and the way that costs them.
HOURS = {
    "contact": (0.5, 0.2, ""),
    "response": (2.6, 0.4, "attended"),
    "investigation": (7.0, 0.7, "investigated"),
    "safeguarding": (1.6, 0.8, "investigated"),
    "neighbourhood": (0.5, 0.4, ""),
    "custody and case": (1.8, 0.6, "investigated"),
}
LEVER_MONTHS_BEFORE_END = 24  # the telephone unit took more cases from then on
SHARES = {
    ("reported by", "", "online"): 0.12,
    ("reported by", "", "101"): 0.50,
    ("reported by", "", "999"): 0.33,
    ("reported by", "", "counter"): 0.05,
    ("handled by", "", "telephone unit"): 0.40,
    ("handled by", "", "attended"): 0.60,
    ("closed", "telephone unit", "closed at assessment"): 0.75,
    ("closed", "telephone unit", "investigated"): 0.25,
    ("closed", "attended", "closed at assessment"): 0.10,
    ("closed", "attended", "investigated"): 0.90,
}
TELEPHONE_BEFORE_LEVER = 0.28
PRODUCTIVE = {"paid": 1856.0, "leave": 0.16, "training": 0.05, "abstraction": 0.08}
POSTS_SHORT = 0.06  # of what the last twelve months' hours would take
STREAMS = {  # a year's number for a thousand wards' worth of residents, hours of a case, function, category
    "missing people": (22.0, 9.0, "safeguarding", "protective"),
    "health incidents": (60.0, 5.5, "response", "public"),
    "cases at court": (8.0, 6.0, "custody and case", "internal"),
}


@dataclass(frozen=True, eq=False)
class PlanTruth:
    """What is true of work.

    hours : (crime type, function) mean hours of a case that goes the function's way. shares : as `SHARES`, from the
    lever's month on. streams : a year's number by stream. officers : by function, what the last twelve months' hours
    take. lever_month : the first in which the lever acts.
    """

    crime_types: list[str]
    hours: np.ndarray
    shares: dict[tuple[str, str, str], float]
    streams: dict[str, float]
    officers: np.ndarray
    base_hours: np.ndarray
    lever_month: pd.Timestamp

    @property
    def productive_hours(self) -> float:
        """Hours of one person a year that are left for work."""
        lost = PRODUCTIVE["leave"] + PRODUCTIVE["training"]
        return PRODUCTIVE["paid"] * (1 - lost) * (1 - PRODUCTIVE["abstraction"])


def plan_truth_of(
    crime_types: list[str], last_year: np.ndarray, wards: int, months: pd.DatetimeIndex, generator: np.random.Generator
) -> PlanTruth:
    """Return the truth of work of a force that recorded `last_year`, (crime type), in its last twelve months."""
    spread = np.array([HOURS[function][1] for function in FUNCTIONS])
    middle = np.array([HOURS[function][0] for function in FUNCTIONS])
    noise = generator.normal(size=(len(crime_types), len(FUNCTIONS)))
    hours = middle * np.exp(spread * noise - spread**2 / 2)
    streams = {
        name: float(round(each[0] * wards * float(np.exp(generator.normal(0, 0.1))))) for name, each in STREAMS.items()
    }
    base = last_year @ (hours * np.array([way_share(SHARES, HOURS[function][2]) for function in FUNCTIONS]))
    for name, number in streams.items():
        base[FUNCTIONS.index(STREAMS[name][2])] += number * STREAMS[name][1]
    truth = PlanTruth(crime_types, hours, dict(SHARES), streams, np.zeros(0), base, months[-LEVER_MONTHS_BEFORE_END])
    return PlanTruth(**{**truth.__dict__, "officers": base / truth.productive_hours})


def way_share(shares: dict[tuple[str, str, str], float], way: str) -> float:
    """Return the share of cases that go a way of being handled or closed; one where none is named."""
    if way == "":
        return 1.0
    if way != "investigated":
        return shares["handled by", "", way]
    return sum(
        shares["handled by", "", given] * shares["closed", given, way] for given in ("attended", "telephone unit")
    )
