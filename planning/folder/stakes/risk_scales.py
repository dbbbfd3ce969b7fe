"""Scales of a risk register: the force's words, what each is worth, and weights (`risk.toml`).

Walks in: a file, or none. Walks out: checked `RiskScales`; those of the worked example where there is no file.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from planning.folder.toml_file import Range, Strict, checked_entry
from sources.catalogue.catalogue import read_toml

EXAMPLE = Path(__file__).parents[2] / "reference" / "risk.toml"
IMPACTS = ("physical", "psychological", "financial", "community", "environment")
POSITION = "position"


class Likelihood(Strict):
    """A word of likelihood: it holds from so many a year."""

    word: str = Field(min_length=1)
    a_year: float = Field(ge=0)
    score: float = Field(ge=0)


class Trend(Strict):
    """A word of trend: it holds from such a change of a year, as a share."""

    word: str = Field(min_length=1)
    change: float = Field(ge=-1)


class RiskScales(Strict):
    """`risk.toml`: words of each scale with their scores, the spread of a score by confidence, and weights."""

    top: int = Field(10, ge=1)
    impact: dict[str, float]
    capacity: dict[str, float]
    capability: dict[str, float]
    confidence: dict[str, float]
    likelihood: tuple[Likelihood, ...] = Field(min_length=1)
    trend: tuple[Trend, ...] = Field(min_length=1)
    weights: dict[str, Range]

    @model_validator(mode="after")
    def _makes_sense(self) -> RiskScales:
        wanted = {*IMPACTS, POSITION}
        if set(self.weights) != wanted:
            raise ValueError(f"weights are of {', '.join(sorted(wanted))}, each once")
        if any(weight.p10 < 0 for weight in self.weights.values()) or all(
            self.weights[name].p10 == 0 for name in IMPACTS
        ):
            raise ValueError("weights are 0 or more, and those of impact not all 0")
        for name in ("impact", "capacity", "capability", "confidence"):
            scale = getattr(self, name)
            if not scale or min(scale.values()) < 0:
                raise ValueError(f"{name} needs words with scores of 0 or more")
        for name, steps in (
            ("likelihood", [one.a_year for one in self.likelihood]),
            ("trend", [one.change for one in self.trend]),
        ):
            if steps != sorted(set(steps)):
                raise ValueError(f"words of {name} go up, each from more than the one before")
        if self.likelihood[0].a_year > 0 or self.trend[0].change > -1:
            raise ValueError("the first word of likelihood holds from 0 a year, the first of trend from -1")
        return self

    def words(self, column: str) -> list[str]:
        """Return the words that a column of `risk.csv` may hold."""
        if column == "likelihood":
            return [one.word for one in self.likelihood]
        return list(getattr(self, "impact" if column in IMPACTS else column))


def read_scales(file: Path | None) -> RiskScales:
    """Return the scales of a file; `InputError` where they cannot stand."""
    chosen = file if file is not None and file.is_file() else EXAMPLE
    return checked_entry(dict(read_toml(chosen)), RiskScales, chosen)
