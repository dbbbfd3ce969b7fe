"""How good the ages behind a figure are, in words.

Walks in: `Contents`. Walks out: the quality of each crime type (of a major type, those of its minor types), the share
of offences with no person of known age, and the caveats that hold for the sources of this release.
"""

from __future__ import annotations

import pandas as pd

from models.people.evidence_groups import WORDS
from publication.numbers.recorded import members
from publication.release.contents import Ages, Contents
from sources.ages.arrests import ARRESTS
from sources.ages.dashboards import VAWG_VICTIMS

QUALITIES = {"measured": "measured", "few": "few people", "proxy": "proxy", "none": "none"}  # the best first
NOT_KNOWN = "not known or not applicable"

# What was found of a source (docs/ages.md); it is told wherever a release's ages come from it.
CAVEATS = {
    ARRESTS: (
        "Arrests by age end in 2017/18 in London; those for burglary alone end in 2014/15. Set against children in "
        "custody from 2021 to 2025, the shares of 10 to 17 year olds that they give are too high for all but robbery: "
        "read them as an upper end until newer ages are there.",
        "A proxy has the shape of a whole group of arrests: theft and vehicle offences that of all arrests for theft, "
        "burglary and vehicle offences, shoplifting included; a small type that of the group it is part of.",
        "Arrests show policing as well as offending, and few offences end in one.",
    ),
    VAWG_VICTIMS: (
        "Ages of victims of violence and sexual offences rest on women and girls alone, all such offences together. "
        "Men and boys, and children under ten, are among those not known.",
    ),
}
INTERVALS = (
    "Intervals by age leave out the doubt of the proxy: that a type differs from the group that it is given the ages "
    "of, or its victims from women and girls."
)


def qualities(contents: Contents, basis: str) -> dict[tuple[str, str], str]:
    """Return `Measured`, `Few people`, `Proxy`, `None`, or several, by crime_level and crime_type.

    Types not rated are absent.
    """
    ages, minors_of = contents.ages, members(contents.crime)
    rated = ages.age_quality[ages.age_quality["basis"] == basis]
    quality = dict(zip(rated["crime_type"], rated["quality"], strict=True))
    found = {key: {quality[name] for name in minors if name in quality} for key, minors in minors_of.items()}
    return {
        key: ", ".join(words for name, words in QUALITIES.items() if name in of).capitalize()
        for key, of in found.items()
        if of
    }


def age_caveats(ages: Ages) -> list[str]:
    """Return what a reader of ages must know, in sentences: those of the sources used, and of intervals of proxies."""
    rated = ages.age_quality
    if rated.empty:
        return []
    sources = tuple(rated["source"].astype(str).unique())
    found = [
        sentence
        for source, sentences in CAVEATS.items()
        if any(name.startswith(WORDS[source].partition(", ")[0]) for name in sources)
        for sentence in sentences
    ]
    return found + [INTERVALS] * bool((rated["quality"] == "proxy").any())


def shares_not_known(contents: Contents) -> pd.DataFrame:
    """Return crime_type (major), suspect, victim: the share of the force's offences whose person's age is not known.

    Of the first year ahead under the first scenario; missing where the basis has no ages of the type.
    """
    ages = contents.ages.forecast_by_age
    chosen = (ages["area_level"] == "force") & (ages["crime_level"] == "major") & (ages["period"] == "year")
    cells = ages[chosen & (ages["scenario"] == contents.facts.scenarios[0])]
    cells = cells[cells["month"] == cells["month"].min()].astype(dict.fromkeys(["crime_type", "age_basis"], str))
    keys = ["crime_type", "age_basis"]
    unknown = cells[cells["age_group"] == NOT_KNOWN].set_index(keys)["mean"]
    # Where an age group is suppressed, its part of the whole is not known.
    whole = cells.groupby(keys)["mean"].agg(lambda parts: parts.sum(skipna=False))
    table = (unknown / whole.where(whole > 0)).unstack("age_basis")
    return table.reindex(columns=["suspect", "victim"]).rename_axis(columns=None).reset_index()
