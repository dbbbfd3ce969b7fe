"""Revisions: by how much later editions of the data changed the newest month of earlier ones.

Walks in: the overlaps of editions that were compared when they were read. Walks out: one row for each newest month of
an edition that a later edition gives again, and their typical size.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMNS = ["month", "difference"]


def newest_month_revisions(overlaps: pd.DataFrame, last_month: pd.Timestamp) -> pd.DataFrame:
    """Return month and difference (later over earlier edition, less one) of editions' newest months.

    `overlaps`: see `sources.tables.force_tables.ForceTables`. The last month of the data is left out: no later edition
    has it yet.
    """
    newest = overlaps.groupby(["dataset", "other"])["month"].transform("max")
    revised = overlaps[(overlaps["month"] == newest) & (overlaps["month"] < last_month)]
    # A month that several editions end in, or several later ones give, counts once.
    return revised.astype({"difference": float}).groupby("month")["difference"].mean().reset_index()


def typical_revision(revisions: pd.DataFrame) -> float:
    """Return the root mean square of the differences, a share of the month's offences; 0 where none is known."""
    return float(np.sqrt((revisions["difference"] ** 2).mean())) if len(revisions) else 0.0
