"""Hidden demand on a plan's page: how much was experienced for what is recorded, and of what nobody can say.

Walk in: the table of hidden demand. Walks out: a section.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.stakes.hidden_table import NO_BASIS, NO_RATE, SAYS_NOTHING, SURVEY, TOGETHER
from publication.pages.rendering import Table, shown
from publication.plan.formats import in_whole
from publication.plan.section import Section
from publication.words import month_name, per_cent, ranges, sentence_case, whole


def hidden_section(tables: Mapping[str, pd.DataFrame]) -> Section | None:
    """Return the section, of the first year of the plan."""
    hidden = tables.get("hidden", pd.DataFrame())
    if hidden.empty:
        return None
    first = hidden[hidden["year"] == hidden["year"].min()]
    known = first[(first["basis"] == SURVEY) & (first["area_level"] == "force")]
    without = [name for name, basis in zip(first["what"], first["basis"], strict=True) if basis.startswith(NO_BASIS)]
    findings = []
    if len(known):
        row = known[known["what"] == TOGETHER].iloc[0]
        findings.append(
            f"In the twelve months from {month_name(row['year'])}, {whole(row['recorded'])} recorded offences of the "
            f"types that a survey asks after stand for {whole(row['experienced'])} experienced ones "
            f"({whole(row['experienced_q10'])} to {whole(row['experienced_q90'])} in eight of ten cases)."
        )
    findings.append(
        f"There is no basis for a number of {', '.join(without)}. The absence of a number is no absence of harm."
    )
    findings.append(
        "Recorded, reported and experienced demand are three things and are never added. A survey of residents counts "
        "no crime against businesses or visitors. Of BCUs the figures follow their mix of crime types and say nothing "
        "of local reporting: they are no ground to rank BCUs, and none are made of boroughs or wards."
    )
    made = (_types(first), _bcus(first))
    return Section("Hidden demand", tuple(findings), tuple(table for table in made if table is not None))


def _types(first: pd.DataFrame) -> Table:
    rows = first[first["area_level"] == "force"]
    basis = rows["basis"].map(lambda said: {SURVEY: "survey", NO_RATE: "no rate given"}.get(said, said))
    words = pd.DataFrame(
        {
            "What": rows["what"].map(sentence_case),
            "Recorded": rows["recorded"],
            "Reported": rows["reported"],
            "Experienced": rows["experienced"],
            "80 % interval": ranges(rows["experienced_q10"], rows["experienced_q90"]),
            "Share reported": rows["share_reported"],
            "Basis": basis,
            "Known": rows["quality"].fillna(""),
        }
    )
    formats = in_whole("Recorded", "Reported", "Experienced", "80 % interval") | {"Share reported": per_cent}
    return shown("hidden", "Recorded, reported and experienced, whole force, first year", words, formats)


def _bcus(first: pd.DataFrame) -> Table | None:
    rows = first[(first["area_level"] == "bcu") & (first["what"] == TOGETHER)].sort_values("area_name")
    if rows.empty:
        return None
    words = pd.DataFrame(
        {
            "BCU, by name": rows["area_name"],
            "Recorded": rows["recorded"],
            "Experienced": rows["experienced"],
            "80 % interval": ranges(rows["experienced_q10"], rows["experienced_q90"]),
            "Mark": rows["says"],
        }
    )
    caption = f"The same of BCUs, {TOGETHER}: each {SAYS_NOTHING}"
    return shown("hidden-bcus", caption, words, in_whole("Recorded", "Experienced", "80 % interval"))
