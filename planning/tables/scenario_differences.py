"""How scenarios differ from the central one, draw by draw: what the growth of the young brings, or levers save.

Walks in: a `Made`. Walks out: rows with intervals of their own, since both ran through the same futures.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.made import Made
from planning.summary import labelled, summary_columns
from planning.work.work_table import EVERY, with_all

COLUMNS = ["scenario", "function", "year", "mean", "q10", "q50", "q80", "q90", "q95", "share", "chance_above"]


def scenario_differences(made: Made) -> pd.DataFrame:
    """Return scenario, function, year, hours of the force beyond the central scenario's, whatever the sign.

    mean and quantiles : of the difference; share : of the central hours; chance_above : futures in which it is more.
    """
    force = made.maker.areas.force
    central = with_all(made.pair[1].by_year[force], 0)
    parts = []
    for scenario, pair in zip(made.scenarios[1:], made.pairs[1:], strict=True):
        beyond = with_all(pair[1].by_year[force], 0) - central
        rows = labelled([("function", EVERY), ("year", made.years)], summary_columns(beyond))
        before = central.mean(axis=-1)
        share = np.divide(beyond.mean(axis=-1), before, out=np.zeros_like(before), where=before > 0)
        above = (beyond > 0).mean(axis=-1)
        parts.append(rows.assign(scenario=scenario.name, share=share.ravel(), chance_above=above.ravel())[COLUMNS])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
