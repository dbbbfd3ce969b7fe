"""The words of a plan folder: functions, stages and ways of handling, categories and qualities."""

from __future__ import annotations

FUNCTIONS = ("contact", "response", "investigation", "safeguarding", "neighbourhood", "custody and case")
NATIONAL = "national"  # posts that no local demand explains: a path of their own
STAGES = {
    "reported by": ("online", "101", "999", "counter"),
    "handled by": ("attended", "telephone unit"),
    "closed": ("closed at assessment", "investigated"),
}
WAYS = {way: stage for stage, ways in STAGES.items() for way in ways}
WAYS_TOGETHER = " + "  # joins the ways of several stages that a row of hours holds for
CATEGORIES = ("public", "protective", "internal")
QUALITIES = ("measured", "published", "stand-in", "assumed")  # the best first
ALL = "all"
RANKS = (  # from below
    "constable",
    "sergeant",
    "inspector",
    "chief inspector",
    "superintendent",
    "chief superintendent",
    "chief officer",
)
ALL_TOLD = f"{ALL} excluding protected types"
LOST_TIME = ("leave", "training", "abstraction")


def worst(qualities: list[str] | tuple[str, ...]) -> str:
    """Return the worst of some qualities; `measured` of none."""
    return max(qualities, key=QUALITIES.index, default=QUALITIES[0])
