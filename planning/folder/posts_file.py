"""`posts.toml` and the files by ward beside it: roles and their bounds, posts of today, pupils, surveys.

Walk in: files of a plan folder. Walk out: a checked `PostsFile`, tables by ward or borough.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pydantic import Field, model_validator

from planning.folder.toml_file import Strict, checked_entry
from sources.catalogue.catalogue import read_toml
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.contracts import checked

POSTS_FILE, TODAY_FILE, PUPILS_FILE = "posts.toml", "posts_today.csv", "pupils.csv"
SURVEY_FILE = "survey.csv"
TRUST = "Trust MPS"
WARD_OFFICERS, OFFICERS_A_WARD = 1_700, 2
_QUARTERS = 4

_NAME = pa.Column(str, pa.Check.str_length(min_value=1), coerce=True)
_NUMBER = pa.Column("float64", pa.Check.ge(0), coerce=True)
POSTS_TODAY = pa.DataFrameSchema(
    {"ward_code": _NAME, "role": _NAME, "posts": _NUMBER},
    unique=["ward_code", "role"],
    strict=True,
    name="posts_today",
    description="Posts that wards have today, by role; a ward that is not there has none.",
)
PUPILS = pa.DataFrameSchema(
    {
        "ward_code": _NAME,
        "pupils": _NUMBER,
        "schools": pa.Column("float64", pa.Check.ge(0), required=False, coerce=True),
    },
    unique=["ward_code"],
    strict=True,
    name="pupils",
    description="Pupils of the schools in each ward, and how many schools; a ward that is not there has none.",
)
SURVEY = pa.DataFrameSchema(
    {"area": _NAME, "proportion": pa.Column("float64", pa.Check.in_range(0, 1), coerce=True)},
    unique=["area"],
    strict=True,
    name="survey",
    description="Share of people of a borough, by its name, who say so: the mean of the latest four quarters.",
)


class Role(Strict):
    """Posts of one kind: how many, within what bounds, and by what demand.

    `demand` is one of `planning.places.ward_posts.post_demand.MEASURES`. `rising_to` is a later total: posts beyond
    `total` are listed in the order in which they would be given. `each` is what one post meets a year; none given, what
    it would if all posts of the role met alike.
    """

    name: str = Field(min_length=1)
    total: int = Field(ge=0)
    floor: int = Field(0, ge=0)
    cap: int | None = Field(None, ge=0)
    demand: str = "victim-reported"
    each: float | None = Field(None, gt=0)
    move_cost: float = Field(0, ge=0)
    rising_to: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _rises(self) -> Role:
        if self.rising_to is not None and self.rising_to < self.total:
            raise ValueError(f"rising_to is {self.rising_to}, below the total of {self.total}")
        return self


class Lock(Strict):
    """A ward whose posts of a role are settled, as by consultation."""

    role: str
    ward: str
    posts: int = Field(ge=0)
    reason: str = ""


class Minimum(Strict):
    """The least posts of a role in a borough."""

    role: str
    borough: str
    posts: int = Field(ge=0)


class PostsFile(Strict):
    """`posts.toml`: roles, locks and minima."""

    role: tuple[Role, ...] = Field(min_length=1)
    lock: tuple[Lock, ...] = ()
    minimum: tuple[Minimum, ...] = ()


def ward_officers(
    total: int | None = None, floor: int | None = None, cap: int | None = None, demand: str = "victim-reported"
) -> PostsFile:
    """Return the one role of ward officers, two a ward and 1,700 in all if nothing else is said."""
    officers: dict[str, object] = {
        "name": "ward officer",
        "total": total if total is not None else WARD_OFFICERS,
        "cap": cap,
    }
    officers |= {"floor": floor if floor is not None else OFFICERS_A_WARD, "demand": demand}
    return checked_entry({"role": (officers,)}, PostsFile, Path(POSTS_FILE))


def read_posts(file: Path) -> PostsFile:
    """Return the roles of a file with their locks and minima.

    Raises
    ------
    InputError
        If the file is no TOML, a key or value cannot stand, a role is there twice, a lock or minimum names another, or
        a ward is locked twice.
    """
    found = checked_entry(read_toml(file), PostsFile, file)
    roles = [role.name for role in found.role]
    locked = [(lock.role, lock.ward) for lock in found.lock]
    for what, names in (("role", roles), ("lock", locked)):
        twice = [name for at, name in enumerate(names) if name in names[:at]]
        if twice:
            raise InputError(f"A {what} is there twice", file=file, value=twice[0], remedy="Keep one of them.")
    named = [*(lock.role for lock in found.lock), *(minimum.role for minimum in found.minimum)]
    strange = [role for role in named if role not in roles]
    if strange:
        raise InputError(
            "A lock or minimum is of a role that is not there",
            file=file,
            column="role",
            value=strange[0],
            remedy=f"Name one of: {', '.join(roles)}.",
        )
    return found


def read_posts_today(file: Path) -> pd.DataFrame:
    """Return posts of today, contract `POSTS_TODAY`; `InputError` as `read_table` and `numbers`."""
    table = read_table(file, list(POSTS_TODAY.columns))
    refuse_repeats(table, ["ward_code", "role"], file)
    return checked(POSTS_TODAY, table.assign(posts=numbers(table, ["posts"], file)["posts"]), file)


def read_pupils(file: Path) -> pd.DataFrame:
    """Return pupils and, where the file tells them, schools by ward, contract `PUPILS`; `InputError` as `read_table`
    and `numbers`."""
    table = read_table(file, ["ward_code", "pupils"])
    refuse_repeats(table, ["ward_code"], file)
    counted = [name for name in ("pupils", "schools") if name in table]
    return checked(PUPILS, table.assign(**{name: numbers(table, [name], file)[name] for name in counted}), file)


def read_survey(file: Path, measure: str = TRUST) -> pd.DataFrame:
    """Return the answers to one question of the Mayor's Public Attitude Survey by borough, contract `SURVEY`.

    Columns of the file: quarter_end, area, measure, proportion. The mean of each area's latest four quarters.

    Raises
    ------
    InputError
        As `read_table` and `numbers`; if the file has no such measure.
    """
    table = read_table(file, ["quarter_end", "area", "measure", "proportion"])
    of_measure = table[table["measure"] == measure]
    if of_measure.empty:
        known = ", ".join(sorted(table["measure"].unique()))
        raise InputError(
            "The survey has no such measure", file=file, column="measure", value=measure, remedy=f"It has {known}."
        )
    refuse_repeats(of_measure, ["quarter_end", "area"], file)
    shares = numbers(of_measure, ["proportion"], file)["proportion"]
    latest = of_measure.assign(proportion=shares).sort_values("quarter_end").groupby("area").tail(_QUARTERS)
    return checked(SURVEY, latest.groupby("area")["proportion"].mean().reset_index(), file)
