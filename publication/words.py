"""Words for readers: names of crime types, years, months and steps, counts and shares as they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import pandas as pd

from models.forecast.vocabulary import ALL_EXCLUDING, EXCLUDING

MISSING = "\N{EN DASH}"
SIMULATED = "SIMULATED: this force does not exist, and no figure here says anything of a real place."
INTERNAL = "INTERNAL: not to be published, or passed on outside the force."

# Names that the publisher cuts short.
FULL_NAMES = {
    "DEATH SERIOUS INJURY ILLEGAL DRIVING": "Death or serious injury by illegal driving",
    "MISC CRIMES AGAINST SOCIETY": "Miscellaneous crimes against society",
    "OTHER OFFENCES PUBLIC ORDER": "Other public order offences",
    "PUBLIC FEAR ALARM OR DISTRESS": "Public fear, alarm or distress",
    "RACE OR RELIGIOUS AGG PUBLIC FEAR": "Racially or religiously aggravated public fear",
    "THEFT OR UNAUTH TAKING OF A MOTOR VEH": "Theft or unauthorised taking of a motor vehicle",
    "all": "All recorded crime excluding fraud",
    ALL_EXCLUDING: "All recorded crime excluding fraud and protected types",
}
LEVEL_NAMES = {
    "ward": "Wards",
    "borough": "Boroughs",
    "bcu": "BCUs",
    "force": "Force",
    "unlocated": "No known ward",
    "minor": "Minor types",
    "major": "Major types",
    "all": "All",
    "group": "Neighbourhood crime",
}

# Pages in the bar of each page, by name; all others are found from the first. A release may be without a plan.
PLAN = "Plan"
LINKS = {
    "Front page": "index.html",
    "Atlas": "atlas/index.html",
    "Scorecard": "scorecard.html",
    "Who is growing where": "who.html",
    "Plan": "plan/index.html",
    "What changed": "what_changed.html",
    "Methods": "documents/methods.html",
    "Quality": "documents/quality.html",
    "Fairness": "documents/fairness.html",
}


def page_links(has_plan: bool) -> list[tuple[str, str]]:
    """Return the pages of the bar of every page, by name and address; the plan only where the release has one."""
    return [(name, address) for name, address in LINKS.items() if name != PLAN or has_plan]


# What a release must not be used for: on the front page, in documents, in the atlas and in the workbook.
NOT_FOR = (
    "To place proactive policing, such as patrols or searches, by forecasts of drugs, weapons or public order "
    "offences: those counts follow where officers look, so the forecast would feed on itself.",
    "To decide about a person. The figures are volumes by area: they say nothing of anyone who lives, works or walks "
    "there.",
    "As grounds to stop, search, arrest or watch anyone, or as part of such grounds.",
    "To rank wards as safe or dangerous, or to set prices, insurance, lending or lettings by them. Counts follow how "
    "many people pass through a place and how much is reported there.",
    "To send officers to a street, a day or an hour: the figures are of wards and months.",
    "As a target. A number that people are judged by stops being a measure, and recording follows it.",
    "As the measure of how well an officer, a team or a borough did. A forecast that was missed says as much of the "
    "forecast.",
    "Alone. Each use needs local knowledge beside it, and a person who answers for the decision.",
)

STEP_NAMES = {
    "population size": "Number of residents",
    "age mix": "Age mix",
    "rate": "Rate",
    "scenario": "Scenario",
    "level": "Level",
    "level and chance": "Level now, and chance",
    "season": "Season",
    "population": "Residents",
    "trend": "Trend",
    "judgement": "Judgement",
}


def day_name(day: date) -> str:
    """A day as a reader meets it: `20 May 2025`."""
    return f"{day.day} {day:%B %Y}"


def sentence_case(crime_type: str) -> str:
    """A crime type as a reader meets it: `BURGLARY` becomes `Burglary`; other than upper case stays."""
    if crime_type in FULL_NAMES:
        return FULL_NAMES[crime_type]
    name, excluding, _ = crime_type.partition(EXCLUDING)
    return FULL_NAMES.get(name, name.capitalize() if name.isupper() else name) + excluding


def year_label(first_month: pd.Timestamp) -> str:
    """The name of the twelve months from a month: `2025/26` for a financial year, else `to Sep 2026`."""
    if first_month.month == 4:
        return f"{first_month.year}/{(first_month.year + 1) % 100:02d}"
    return f"to {first_month + pd.DateOffset(months=11):%b %Y}"


def per_cent(share: float, *, signed: bool = False) -> str:
    """A share as a reader meets it, `42.0 %`, with its sign where it is a change; nothing for what is missing."""
    if pd.isna(share):
        return ""
    share = round(share, 3) + 0.0  # so that no change reads +0.0 %, never -0.0 %
    text = f"{share:+.1%}" if signed else f"{share:.1%}"
    return text.replace("-", "\N{MINUS SIGN}").replace("%", "\N{NO-BREAK SPACE}%")


def month_name(month: pd.Timestamp) -> str:
    """A month as a reader meets it: `March 2025`."""
    return f"{month:%B %Y}"


def whole(number: float | None) -> str:
    """A count as a reader meets it: `1,234`, small ones that are not whole with a decimal."""
    if number is None or pd.isna(number):
        return MISSING
    return f"{number:,.1f}" if abs(number) < 10 and number != round(number) else f"{number:,.0f}"


def ranges(low: pd.Series, high: pd.Series, form: Callable[[float], str] = whole) -> list[str]:
    """Intervals in words, `12 to 34`; a dash where there is none."""
    pairs = zip(low, high, strict=True)
    return [MISSING if pd.isna(least) else f"{form(least)} to {form(most)}" for least, most in pairs]


def share(number: float) -> str:
    """A share in per cent."""
    return per_cent(number)


def change(number: float) -> str:
    """A change in per cent, with its sign."""
    return per_cent(number, signed=True)


class Marked(Protocol):
    """Whatever says whom it is for and of which force it tells."""

    @property
    def facts(self) -> Any:
        """Facts that name the force."""

    @property
    def audience(self) -> str:
        """Whom it is for."""


def marks(contents: Marked) -> list[str]:
    """Return the sentences with which every page and sheet of a simulated or an internal release begins."""
    held = {SIMULATED: contents.facts.force.simulated, INTERNAL: contents.audience == "internal"}
    return [mark for mark, holds in held.items() if holds]
