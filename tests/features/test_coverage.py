"""The share of offences whose ward is known."""

from __future__ import annotations

import pytest

from features.coverage import coverage
from features.panel import Panel


@pytest.mark.integration
def test_coverage_is_a_share(simulated_panel: Panel) -> None:
    share = coverage(simulated_panel)
    assert float(share.min()) >= 0
    assert float(share.max()) <= 1
    assert share.dims == ("crime_type", "month")


@pytest.mark.integration
def test_london_lost_locations_in_march_2020_and_october_2023(london_panel: Panel) -> None:
    every = london_panel.offences.sum(["ward", "crime_type"]) + london_panel.unlocated.sum(["area", "crime_type"])
    located = (london_panel.offences.sum(["ward", "crime_type"]) / every).to_series()
    assert located["2020-03-01"] == pytest.approx(0.809, abs=0.002)
    assert located["2023-10-01"] == pytest.approx(0.902, abs=0.002)
    assert (located[:"2019-12-01"] > 0.96).all()  # type: ignore[misc]
