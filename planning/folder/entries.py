"""What stands in the TOML files of a plan folder: the plan itself, its levers and its judgements."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from planning.folder.toml_file import Month, Range, Strict
from planning.folder.vocabulary import ALL, FUNCTIONS, STAGES

FORCE = "force"


class PlanHead(Strict):
    """`plan.toml`: whose plan this is, what it rests on, and what it asks."""

    name: str = Field(min_length=1, pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]*$")
    who: str = Field(min_length=1)
    why: str = ""
    base_release: str = ""
    years: int = Field(4, ge=1, le=5)
    scenarios: tuple[str, ...] = ("low", "high", "young held", "residents held", "without levers")
    discovered: tuple[str, ...] | None = None
    leave_first: tuple[str, ...] = ()
    frontline: tuple[str, ...] = ("response", "neighbourhood")
    staff_a_manager: tuple[float, float] = (4.4, 6.0)
    signed_off_by: str = ""
    signed_off_on: str = ""

    @model_validator(mode="after")
    def _known_functions(self) -> PlanHead:
        if strangers := [one for one in self.frontline if one not in FUNCTIONS]:
            raise ValueError(f"frontline functions are some of {', '.join(FUNCTIONS)}, not {strangers[0]!r}")
        if min(self.staff_a_manager) <= 0:
            raise ValueError("staff_a_manager has two numbers above 0: now, and wanted")
        return self


class Moved(Strict):
    """A share of cases that a lever moves from one way of handling to another."""

    what: tuple[str, ...] = (ALL,)
    stage: Literal["reported by", "handled by", "closed"]
    given: str = ""
    before: str
    after: str
    share: Range

    @model_validator(mode="after")
    def _ways_of_the_stage(self) -> Moved:
        for way in (self.before, self.after):
            if way not in STAGES[self.stage]:
                raise ValueError(f"ways of {self.stage} are {', '.join(STAGES[self.stage])}, not {way!r}")
        if not 0 <= self.share.p10 <= self.share.p90 <= 1:
            raise ValueError("a share lies between 0 and 1")
        return self


class Saved(Strict):
    """A share of the hours of a function that a lever saves on each case, or of its lost time."""

    what: tuple[str, ...] = (ALL,)
    function: str
    share: Range

    @model_validator(mode="after")
    def _known_function(self) -> Saved:
        if self.function not in (*FUNCTIONS, ALL):
            raise ValueError(f"functions are {', '.join(FUNCTIONS)}, not {self.function!r}")
        if not -1 <= self.share.p10 <= self.share.p90 < 1:
            raise ValueError("a share of hours saved is below 1")
        return self


class Diverted(Strict):
    """A share of a stream's cases that a lever keeps from people, as a menu of the telephone does with calls."""

    stream: str = Field(min_length=1)
    share: Range

    @model_validator(mode="after")
    def _is_a_share(self) -> Diverted:
        if not 0 <= self.share.p10 <= self.share.p90 <= 1:
            raise ValueError("a share lies between 0 and 1")
        return self


class Lever(Strict):
    """A lever: what it changes, from when, at what cost, and how good its evidence is."""

    id: str = Field(min_length=1)
    kind: Literal["handling", "time", "diversion", "prevention"]
    from_month: str = Month
    ramp_months: int = Field(0, ge=0, le=60)
    moves: tuple[Moved, ...] = ()
    saves: tuple[Saved, ...] = ()
    diverts: tuple[Diverted, ...] = ()
    judgement: str = ""
    cost_a_year: float = Field(0, ge=0)
    evidence: Literal["trial", "comparison", "before and after", "opinion"]
    source: str = Field(min_length=1)
    quality: Literal["measured", "published", "stand-in", "assumed"] = "assumed"

    @model_validator(mode="after")
    def _changes_what_its_kind_may(self) -> Lever:
        wanted = {"handling": self.moves, "time": self.saves, "diversion": self.diverts, "prevention": self.judgement}
        if not wanted[self.kind]:
            raise ValueError(f"a lever of {self.kind} needs moves, saves, diverts or a judgement, as its kind is")
        if any(value for kind, value in wanted.items() if kind != self.kind):
            raise ValueError(
                "a lever is of one kind: handling moves, time saves, diversion diverts, prevention names a judgement"
            )
        return self


class Judgement(Strict):
    """A judgement on demand: what someone who knows expects beyond the forecast, and why."""

    id: str = Field(min_length=1)
    by: str = Field(min_length=1)
    made_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    known_from: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    base_release: str = ""
    area: str = FORCE
    crime: str = ALL
    age_group: str = ALL
    first_month: str = Month
    last_month: str = ""
    shape: Literal["step", "ramp", "pulse"] = "step"
    multiplier: Range
    chance: float = Field(1.0, gt=0, le=1)
    kind: Literal["emerging", "prevention", "recording", "policy"]
    grade: Literal["trial", "comparison", "before and after", "opinion"] = "opinion"
    tied_to: str = ""
    not_counted_in: tuple[str, ...] = ()
    reason_low: str = Field(min_length=1)
    reason_high: str = Field(min_length=1)
    evidence: str = ""
    review_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    status: Literal["active", "suspended", "withdrawn"] = "active"
    confirmed_on: str = ""
    insisted: bool = False
    hindsight: bool = False
    supersedes: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> Judgement:
        if self.multiplier.p10 <= 0:
            raise ValueError("a multiplier is above 0; 1 changes nothing")
        if self.shape == "pulse" and not self.last_month:
            raise ValueError("a pulse has a last month")
        if self.last_month and self.last_month < self.first_month:
            raise ValueError("the last month lies before the first")
        return self
