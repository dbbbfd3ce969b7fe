"""What a force has no data on, and what a release of it therefore lacks, for readers of the release.

Walks in: the force's tables. Walks out: sentences, none for a force that has everything.
"""

from __future__ import annotations

from sources.places.geography import is_lsoa, wards_without_boundary
from sources.tables.force_tables import ForceTables

LONG_HISTORY = 60  # months; with fewer, a model has seen no five years to learn from


def what_is_missing(tables: ForceTables) -> list[str]:
    """Return in sentences what the force has not supplied and what that means for its forecasts."""
    areas = "LSOAs" if is_lsoa(tables.areas["ward_code"]).all() else "wards"
    months = tables.offences["month"].nunique()
    by_age = tables.ward_population_by_age.empty or tables.borough_population_by_age.empty
    without_outline = len(wards_without_boundary(tables.ward_boundaries, tables.areas))
    said = {
        f"The history is short: {months} months. Seasons and trends rest on few years, and there are few past years to "
        "judge forecasts by.": months < LONG_HISTORY,
        "The areas are LSOAs, and stand wherever wards are spoken of.": areas == "LSOAs",
        "Crime types are the thirteen broad ones of police.uk. Anti-social behaviour is counted apart: "
        f"{tables.antisocial_behaviour['count'].sum():,} incidents.": not tables.antisocial_behaviour.empty,
        f"Residents of {areas} are not known: no change of population is taken into account.": (
            tables.ward_population.empty
        ),
        "No projection of residents is at hand: population is taken to stay as last estimated.": not (
            tables.ward_population.empty or (tables.borough_population_by_age["variant"] != "estimate").any()
        ),
        f"Residents of {areas} by age are not known, so figures by age rest on the boroughs' or are missing.": by_age,
        "Ages of victims and suspects are not known: there are no figures by age.": tables.age_evidence.empty,
        f"{without_outline} of {len(tables.areas)} {areas} have no outline and are missing from maps.": bool(
            without_outline
        ),
        "Deprivation and ethnic groups are not known, so accuracy is not reported by them.": tables.ward_profile.empty,
        "Severity weights are missing, so offences are counted and not weighed.": tables.severity.empty,
    }
    return [sentence for sentence, holds in said.items() if holds]
