"""The ledger told: hours of the force by category of demand, and by month. Categories add up to all work in every draw.

Walks in: a `Made`. Walk out: rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.folder.vocabulary import CATEGORIES
from planning.made import Made
from planning.summary import labelled, summary_columns
from planning.work.work_table import EVERY, PUBLIC, with_all


def hours_by_category(made: Made) -> np.ndarray:
    """Return hours of the force, (category, function, year, draw): recorded crime is public, a stream what it says."""
    work, streams = made.pair[1], made.plan.tables["streams"]
    categories = dict(zip(streams["stream"], streams["category"], strict=True))
    found = np.zeros((len(CATEGORIES), *work.by_year.shape[1:]))
    found[CATEGORIES.index(PUBLIC)] += work.crimes.by_year.sum(axis=0)
    for name, hours in work.streams.items():
        found[CATEGORIES.index(categories[name])] += hours
    return found


def categories_table(made: Made) -> pd.DataFrame:
    """Return category, function, year, hours (mean and quantiles) and their share of the function's hours."""
    hours = with_all(hours_by_category(made), 1)
    mean = hours.mean(axis=-1)
    whole = mean.sum(axis=0, keepdims=True)
    share = np.divide(mean, whole, out=np.zeros_like(mean), where=whole > 0)
    dimensions = [("category", CATEGORIES), ("function", EVERY), ("year", made.years)]
    return labelled(dimensions, summary_columns(hours) | {"share": share.ravel()})


def by_month_table(made: Made) -> pd.DataFrame:
    """Return function, month, hours of the force (mean and quantiles): hours of a case may change from a month on."""
    hours = with_all(made.pair[1].by_month, 0)
    return labelled([("function", EVERY), ("month", list(made.posts.months))], summary_columns(hours))
