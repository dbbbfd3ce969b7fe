"""The Poisson floor and seasonal naive of London, by which every score is read."""

import pandas as pd
import pytest

from models.forecast.vocabulary import QUANTILES
from models.scoring.scores import score, score_summary

pytestmark = pytest.mark.integration

# Floor and seasonal naive at 12 months, mean over five origins, as docs/scoring.md gives them.
LONDON = {
    ("ward", "minor"): (0.307, 0.547),
    ("ward", "major"): (0.207, 0.391),
    ("ward", "all"): (0.073, 0.174),
    ("borough", "minor"): (0.073, 0.210),
    ("borough", "major"): (0.048, 0.152),
    ("bcu", "major"): (0.030, 0.125),
    ("force", "minor"): (0.013, 0.124),
    ("force", "major"): (0.009, 0.092),
    ("force", "all"): (0.003, 0.058),
}


def test_floor_and_seasonal_naive_of_london_are_the_published_figures(london_panel):
    areas, crime_types = london_panel.areas, london_panel.crime_types
    offences = london_panel.offences.to_series().rename("count").reset_index()
    offences = offences.rename(columns={"ward": "ward_code"})
    offences = offences[offences["count"] > 0]
    types = {"minor": crime_types["crime_type"], "major": crime_types["major_type"].unique(), "all": ["all"]}
    tables = []
    for month in ("2018-03", "2019-03", "2022-03", "2023-03", "2024-03"):
        origin = pd.Timestamp(month)
        ahead = pd.date_range(origin, periods=13, freq="MS")[1:]
        for area_level, crime_level in LONDON:
            codes = areas[f"{area_level}_code"].unique()
            cells = pd.MultiIndex.from_product([codes, types[crime_level], ahead])
            table = cells.to_frame(index=False, name=["area_code", "crime_type", "month"])
            tables.append(table.assign(origin=origin, area_level=area_level, crime_level=crime_level))
    nothing = pd.concat(tables, ignore_index=True).assign(
        scenario="central", age_group="all", period="month", **dict.fromkeys(["mean", *QUANTILES], 0.0)
    )
    summary = score_summary(score(nothing, offences, areas, crime_types))
    found = summary.set_index(["area_level", "crime_level"])
    assert set(found.index) == set(LONDON)
    for level, (floor, naive) in LONDON.items():
        assert found.loc[level, "floor"] == pytest.approx(floor, abs=0.0006)
        assert found.loc[level, "naive_wape"] == pytest.approx(naive, abs=0.0006)
    assert (found["wape"] == 1).all()
    assert (found["bias"] == -1).all()
