"""The risk register on a plan's page: what stands first and how surely, what moved, and the control strategy.

Walk in: tables of the register. Walks out: a section.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from publication.pages.rendering import Table, shown
from publication.plan.formats import in_whole
from publication.plan.section import Section
from publication.words import per_cent, ranges, share

EXAMPLE = (
    "Worked example: impact, capacity, capability and confidence are nobody's scores, for London's are not public. "
    "Only counts and trends are this forecast's. Put the force's own in risk.csv and risk.toml of its plan folder."
)


def risk_section(tables: Mapping[str, pd.DataFrame]) -> Section | None:
    """Return the section."""
    risks = tables.get("risks", pd.DataFrame())
    if risks.empty:
        return None
    strategy = tables["control_strategy"]
    first = risks.iloc[0]
    places = int((strategy["standing"] != "contender").sum())
    firm = int((strategy["standing"] == "firm").sum())
    findings = [] if risks["of_force"].all() else [EXAMPLE]
    findings += [
        f"{first['threat']} stands first, between places {first['rank_q10']:.0f} and {first['rank_q90']:.0f} in eight "
        f"of ten cases. Of the {places} places of the control strategy {firm} are firm: their threats belong there in "
        "at least eight of ten cases, whatever weights and futures.",
        "Likelihood and trend come from the forecast's possible futures; impact, capacity, capability and confidence "
        "are the force's words.",
    ]
    made = (_risks(risks), _moves(tables.get("risk_moves", pd.DataFrame())), _strategy(strategy))
    return Section("Risk register", tuple(findings), tuple(table for table in made if table is not None))


def _risks(risks: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Rank": risks["rank"],
            "Threat": risks["threat"],
            "80 % interval of the rank": ranges(risks["rank_q10"], risks["rank_q90"]),
            "Risk": risks["score"],
            "Likelihood": risks["likelihood"],
            "its chance": risks["likelihood_chance"],
            "Expected in the first year": risks["a_year"],
            "Last recorded year": risks["last_year"],
            "Trend": risks["trend"],
            "chance of the trend": risks["trend_chance"],
            "Confidence": risks["confidence"],
        }
    )
    formats = in_whole("Rank", "80 % interval of the rank", "Expected in the first year", "Last recorded year")
    formats |= {"Risk": "{:.1f}".format, "its chance": share, "chance of the trend": share}
    return shown("risks", "Threats by risk, whole force", words, formats)


def _moves(moves: pd.DataFrame) -> Table | None:
    if moves.empty:
        return None
    words = pd.DataFrame(
        {
            "Threat": moves["threat"],
            "Rank before": moves["rank_before"],
            "Rank now": moves["rank"],
            "Moved": moves["moved"],
            "Chance that it did": moves["chance"],
            "Likelihood before": moves["likelihood_before"],
            "Likelihood now": moves["likelihood"],
        }
    )
    formats = in_whole("Rank before", "Rank now") | {"Chance that it did": per_cent}
    return shown("risk-moves", "What moved since the register before", words, formats)


def _strategy(strategy: pd.DataFrame) -> Table:
    objectives = {name.capitalize(): strategy[name] for name in ("lead", "prevention", "intelligence", "enforcement")}
    words = pd.DataFrame(
        {
            "Place": strategy["rank"],
            "Threat": strategy["threat"],
            "Standing": strategy["standing"],
            "Chance of a place": strategy["chance_top"],
            "Trend": strategy["trend"],
            **{name: held for name, held in objectives.items() if (held.fillna("") != "").any()},
        }
    )
    return shown("control-strategy", "Control strategy", words, in_whole("Place") | {"Chance of a place": per_cent})
