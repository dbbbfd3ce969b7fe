"""Hidden demand: what was recorded, what must have been reported, and what was experienced, never added to each other.

    reported    = recorded / share of reported crime that is recorded      (recording accuracy)
    experienced = reported / share of incidents that reach the police      (reporting, from a survey)

Shares of a survey of the whole country hold for a force, and those of a force for its BCUs, only up to a spread between
areas: a standard deviation of the log-odds. BCUs of a draw add up to the force, so that the survey stands; how they
share it out comes from their mix of crime types and from that spread alone, and says nothing of local reporting.

Walk in: recorded offences by area and shares with errors. Walk out: reported and experienced in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.assumed import Errors, positive, shares
from planning.folder.vocabulary import worst
from planning.work.choice import rows_for

COUNTRY, FORCE = "country", "force"  # whom a survey asked
REPORTED, RECORDED, SPREAD = "reported", "recorded", "spread"


@dataclass(frozen=True, eq=False)
class Reporting:
    """What is known of one crime type: share reported of the force, share recorded of what is reported, both (draw),
    and the spread between areas, (draw)."""

    reported: np.ndarray
    recorded: np.ndarray
    spread: np.ndarray
    quality: str


def reporting_of(table: pd.DataFrame, crime_type: str, majors: Mapping[str, str], errors: Errors) -> Reporting | None:
    """Return what is known of a crime type; None where no survey asked after it.

    A survey of the force comes before one of the country; the force may differ from its country by the spread.
    """
    major = majors.get(crime_type)
    of_type = rows_for(table[table["measure"] == REPORTED], crime_type, major, ("area",))
    if of_type.empty:
        return None
    own = of_type[of_type["area"] == FORCE]
    chosen = own if len(own) else of_type
    others = [rows_for(table[table["measure"] == name], crime_type, major, ()) for name in (RECORDED, SPREAD)]
    accuracy = shares(others[0], errors)[0] if len(others[0]) else np.ones(errors.size)
    spread = positive(others[1], errors)[0] if len(others[1]) else np.zeros(errors.size)
    reported = shares(chosen.iloc[:1], errors)[0]
    if not len(own):
        reported = moved(reported, spread * errors.of(f"reporting of {crime_type}, force against country"))
    quality = worst([str(one) for rows in (chosen, *others) for one in rows["quality"]])
    return Reporting(reported, accuracy, spread, quality)


def moved(share: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return shares moved by so much on the scale of log-odds."""
    odds = share / np.maximum(1 - share, 1e-12) * np.exp(by)
    return odds / (1 + odds)


def experienced_by_area(
    recorded: np.ndarray, rest: np.ndarray, of: Reporting, crime_type: str, areas: Sequence[str], errors: Errors
) -> tuple[np.ndarray, np.ndarray]:
    """Return what was experienced of a crime type, by area, (area, year, draw), and of the force, (year, draw).

    recorded : (area, year, draw) of areas that make up the force but for `rest`, (year, draw), whose area is not known.
    """
    of_force = (recorded.sum(axis=0) + rest) / (of.recorded * of.reported)
    off = np.stack([of.spread * errors.of(f"reporting of {crime_type} in {area}") for area in areas])
    raw = recorded / (of.recorded * moved(of.reported, off)[:, None])
    known = of_force - rest / (of.recorded * of.reported)
    total = raw.sum(axis=0)
    return raw * np.divide(known, total, out=np.zeros_like(total), where=total > 0), of_force
