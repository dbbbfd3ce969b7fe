"""How much of a file may be set aside, and the refusal of more.

Walks in: the rows of a file that cannot be counted as they stand. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.files.errors import InputError

SET_ASIDE_ALLOWED = 0.01  # share of a file's rows; fewer are slips, more are a habit of the file, and lower every total
NEAR = 0.5  # share of what is allowed, from which what was set aside is told wherever the file is read


def refuse_many(rows: pd.Index, of: int, what: str, *, file: Path, column: str, remedy: str) -> None:
    """Refuse a file of which over `SET_ASIDE_ALLOWED` of `of` rows, those numbered `rows`, would be set aside.

    what: the fault in words, as "an impossible date". What stands in the rows is not repeated.
    """
    if len(rows) > SET_ASIDE_ALLOWED * of:
        raise InputError(
            f"{len(rows):,} of {of:,} rows would be set aside for {what}, where {SET_ASIDE_ALLOWED:.0%} is allowed",
            file=file,
            row=int(rows[0]),
            column=column,
            remedy=remedy,
        )
