"""Posts by three rules side by side: the tables `posts` and `post_rules`.

Walk in: draws of demand by ward, terms. Walk out: posts with their surety and reasons, and what each rule costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr

from planning.places.ward_posts.post_demand import MEASURES
from planning.places.ward_posts.post_reasons import reasons, surety
from planning.places.ward_posts.post_rules import SHORTFALL, Given, expected_shortfall, give, rules_of, worst_load
from planning.places.ward_posts.post_terms import PostTerms
from sources.files.errors import InputError

_TEXT = pa.Column(str, coerce=True)
_WHOLE = pa.Column("int64", pa.Check.ge(0), coerce=True)
_NUMBER = pa.Column("float64", nullable=True, coerce=True)
POSTS = pa.DataFrameSchema(
    {
        "role": _TEXT,
        "rule": _TEXT,
        "measure": _TEXT,
        "ward_code": _TEXT,
        "ward_name": _TEXT,
        "borough_name": _TEXT,
        "posts": _WHOLE,
        "floor": _WHOLE,
        "surety": _NUMBER,
        "demand": _NUMBER,
        "today": _NUMBER,
        "why": _TEXT,
    },
    unique=["role", "rule", "ward_code"],
    strict=True,
    name="posts",
    description="Posts of a role by ward and rule. `surety`: share of the draws that support the ward's last post, of "
    "the recommended rule. `demand`: what is expected of `measure` a year. `today`: posts there are now, if known.",
)
POST_RULES = pa.DataFrameSchema(
    {
        "role": _TEXT,
        "rule": _TEXT,
        "total": _WHOLE,
        "most": _WHOLE,
        "above_floor": _WHOLE,
        "shortfall": _NUMBER,
        "worst_load": _NUMBER,
        "moved": _NUMBER,
        "cost": _NUMBER,
    },
    unique=["role", "rule"],
    strict=True,
    name="post_rules",
    description="What each rule comes to: most posts in a ward, wards above their floor, expected share of demand "
    "unmet, most demand on a post, posts that leave their ward of today, and what their moves cost.",
)


@dataclass(frozen=True, eq=False)
class PostQuestion:
    """Posts of a role to be given, and the demand that gives them, (draw, ward), of a `measure` a year.

    measure : one of `planning.places.ward_posts.post_demand.MEASURES`. each : demand that one post meets a
    year. today : posts by ward code, if known. move_cost : pounds a post moved.
    """

    role: str
    demand: xr.DataArray
    terms: PostTerms
    each: float
    measure: str
    today: pd.Series | None = None
    move_cost: float = 0.0

    def __post_init__(self) -> None:
        """Refuse demand that gives no order.

        Raises
        ------
        InputError
            If it is missing or negative anywhere, or nought everywhere, or a post meets nothing.
        """
        values = self.drawn
        if not np.isfinite(values).all() or (values < 0).any():
            at = int(np.argmax((~np.isfinite(values) | (values < 0)).any(axis=0)))
            raise InputError(
                f"The demand for the role '{self.role}' is no number of at least zero in a ward",
                value=str(self.terms.wards[at]),
                remedy="Supply it for every ward.",
            )
        if not values.any():
            raise InputError(
                f"The demand for the role '{self.role}' is zero in every ward, so no ward has more claim to a post",
                remedy="Choose another measure of demand.",
            )
        if not self.each > 0:
            raise InputError("What a post meets a year is above zero", value=self.each, remedy="Correct `each`.")

    @property
    def unit(self) -> str:
        """What the demand is counted in."""
        return MEASURES.get(self.measure, self.measure)

    @property
    def drawn(self) -> np.ndarray:
        """The demand as numbers, (draw, ward), wards in the order of the terms."""
        return self.demand.sel(ward=list(self.terms.wards)).transpose("draw", "ward").to_numpy().astype(float)


def even_load(demand: xr.DataArray, posts: int) -> float:
    """Return what each post would meet if all met alike: what a post meets where no hours are measured."""
    return float(demand.sum("ward").mean() / max(posts, 1))


def given_posts(question: PostQuestion) -> dict[str, Given]:
    """Return the posts that each rule gives, the recommended rule first."""
    return {rule: give(claim, question.terms) for rule, claim in rules_of(question.drawn, question.each).items()}


def posts_table(question: PostQuestion, areas: pd.DataFrame, given: dict[str, Given]) -> pd.DataFrame:
    """Return posts by ward and rule, contract `POSTS`; surety and reasons are those of the recommended rule."""
    terms, demand = question.terms, question.drawn
    placed = areas.set_index("ward_code").loc[list(terms.wards)]
    sure = surety(demand, given[SHORTFALL].posts[0], terms, question.each) if len(demand) > 1 else np.nan
    why = reasons(demand, given[SHORTFALL], terms, question.each, placed["ward_name"].tolist(), question.unit)
    shared = pd.DataFrame(
        {
            "role": question.role,
            "measure": question.measure,
            "ward_code": terms.wards,
            "ward_name": placed["ward_name"].to_numpy(),
            "borough_name": placed["borough_name"].to_numpy(),
            "floor": terms.floor,
            "demand": demand.mean(axis=0),
            "today": np.nan if question.today is None else question.today.reindex(terms.wards).to_numpy(dtype=float),
        }
    )
    parts = [
        shared.assign(
            rule=rule,
            posts=posts.posts[0],
            surety=sure if rule == SHORTFALL else np.nan,
            why=why if rule == SHORTFALL else "",
        )
        for rule, posts in given.items()
    ]
    return POSTS.validate(pd.concat(parts, ignore_index=True)[list(POSTS.columns)])


def rules_table(question: PostQuestion, given: dict[str, Given]) -> pd.DataFrame:
    """Return what each rule comes to, contract `POST_RULES`."""
    demand, terms = question.drawn, question.terms
    rows = []
    for rule, each_given in given.items():
        posts = each_given.posts[0]
        moved = np.nan
        if question.today is not None:
            moved = float((question.today.reindex(terms.wards).fillna(0).to_numpy() - posts).clip(min=0).sum())
        rows.append(
            {
                "role": question.role,
                "rule": rule,
                "total": int(posts.sum()),
                "most": int(posts.max()),
                "above_floor": int((posts > terms.floor).sum()),
                "shortfall": expected_shortfall(demand, posts, question.each),
                "worst_load": worst_load(demand, posts),
                "moved": moved,
                "cost": moved * question.move_cost,
            }
        )
    return POST_RULES.validate(pd.DataFrame(rows))
