"""The contracts of the tables of a plan folder on stakes: weights of harm.

Walks in: a table as read. Walks out: the same with its types settled, or an `InputError`.
"""

from __future__ import annotations

from planning.folder.columns import NAME, assumptions

HARM_WEIGHTS = assumptions(
    "harm_weights",
    {"weights": NAME, "what": NAME},
    "Harm of an average offence of a crime type, major type or `all`, on a named scale such as Cambridge. The scale "
    "that stands first leads; those of a force stand before the defaults.",
)
STAKES_TABLES = {"harm_weights": HARM_WEIGHTS}
