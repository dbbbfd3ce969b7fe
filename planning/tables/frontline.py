"""The frontline: functions that a plan lists as such, together.

Walks in: a `Made`. Walks out: rows by path and year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.folder.vocabulary import FUNCTIONS
from planning.made import Made
from planning.people.gaps import known_functions
from planning.people.needed import needed

COLUMNS = ["path", "year", "functions", "needed", "there", "gap_mean", "gap_q10", "gap_q90", "chance_of_gap"]


def frontline_table(made: Made) -> pd.DataFrame:
    """Return needed, there and gap of the listed functions whose posts are known; `functions` names them."""
    listed = set(made.plan.head.frontline)
    known = [(place, name) for place, name in known_functions(made.posts.held) if name in listed]
    if not known:
        return pd.DataFrame(columns=COLUMNS)
    work, force, held = made.pair[1], made.maker.areas.force, made.posts.held
    need = np.sum([needed(work.by_year[force, at], work.base[force, at], held[name]) for at, name in known], axis=0)
    named = ", ".join(name for name in FUNCTIONS if name in {one for _, one in known})
    rows = []
    for path, there in made.posts.there.items():
        posts = there[[at for at, _ in known]].sum(axis=0).reshape(-1, MONTHS_A_YEAR).mean(axis=1)
        gap = need - posts[:, None]
        low, high = np.quantile(gap, [0.1, 0.9], axis=-1)
        columns = need.mean(axis=-1), posts, gap.mean(axis=-1), low, high, (gap > 0).mean(axis=-1)
        rows += [(path, year, named, *row) for year, *row in zip(made.years, *columns, strict=True)]
    return pd.DataFrame(rows, columns=COLUMNS)
