"""Hours of a case by crime type and function, as a plan's tables of work have them at their medians.

Walk in: the tables of a plan and a month. Walk out: hours, by which recorded offences become recorded work.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.assumed import Errors
from planning.folder.vocabulary import FUNCTIONS
from planning.work.hours import Case


def hours_of_types(
    tables: Mapping[str, pd.DataFrame], majors: Mapping[str, str], month: pd.Timestamp, discovered: tuple[str, ...]
) -> pd.DataFrame:
    """Return the hours of a case, a row a minor crime type, a column a function.

    tables : of `planning.folder.read.PlanFolder`. majors : major type of each minor type. discovered : types that
    policing itself discovers; their hours are none here, or officers would create their own need.
    """
    months, exact = pd.DatetimeIndex([month]), Errors(1, 0, known=True)
    rows = {
        minor: Case.of_type(tables, minor, major, months).hours((), exact)[:, 0, 0]
        for minor, major in majors.items()
        if minor not in discovered
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(FUNCTIONS), dtype=float)
