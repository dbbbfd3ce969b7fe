"""The worked example of a target, for a plan that has none: nobody set it.

Walks in: what is known of the force. Walks out: a row of `targets`, or none.
"""

from __future__ import annotations

import pandas as pd

from planning.folder.check import Ground
from planning.folder.contracts import no_rows_of
from planning.folder.defaults import default_table
from planning.folder.goals.contracts_of_goals import AT_MOST, COUNT
from planning.folder.goals.lists import list_of
from planning.folder.stakes.check_risk import NOBODY
from planning.folder.vocabulary import ALL

EXAMPLE_LIST = "seven neighbourhood crimes"
_CHANGE = -0.1
_MONTHS_A_YEAR = 12


def example_targets(ground: Ground) -> pd.DataFrame:
    """Return a tenth less than the last recorded year by the last whole year ahead; none without a year ahead."""
    years = len(ground.months) // _MONTHS_A_YEAR
    if not years:
        return no_rows_of("targets")
    held = list_of(default_table("priorities", ground.force_code).assign(of_force=False), EXAMPLE_LIST)
    row = {
        "target": NOBODY,
        "what": EXAMPLE_LIST if set(held) & set(ground.crimes) else ALL,
        "area": "force",
        "measure": COUNT,
        "direction": AT_MOST,
        "baseline_from": ground.months[0] - pd.DateOffset(months=_MONTHS_A_YEAR),
        "change": _CHANGE,
        "year_from": ground.months[(years - 1) * _MONTHS_A_YEAR],
        "set_by": NOBODY,
        "source": "made up to show what a target looks like",
    }
    columns = list(no_rows_of("targets").columns)
    table = pd.DataFrame([row]).reindex(columns=columns)
    months, numbers = ["baseline_from", "year_from"], ["baseline", "change", "level", "latest", "n"]
    return table.astype(dict.fromkeys(months, "datetime64[us]") | dict.fromkeys(numbers, "float64"))
