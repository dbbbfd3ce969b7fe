"""The dense panel: whole, exact, and blind to what was not yet known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel, build_panel
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


def test_panel_holds_every_offence_of_the_tables(simulated_tables: ForceTables, simulated_panel: Panel) -> None:
    tables, panel = simulated_tables, simulated_panel
    assert int(panel.offences.sum()) == tables.offences["count"].sum()
    some = tables.offences.sample(50, random_state=1)
    for row in some.itertuples():
        assert int(panel.offences.sel(ward=row.ward_code, crime_type=row.crime_type, month=row.month)) == row.count
    assert float(panel.unlocated.sum()) == tables.unlocated_offences["count"].sum()


def test_unpublished_boroughs_are_missing_not_zero(simulated_panel: Panel) -> None:
    force, boroughs = simulated_panel.unlocated[-1], simulated_panel.unlocated[:-1]
    assert np.isfinite(force).all()
    assert np.isnan(boroughs.isel(month=0)).all()
    assert np.isfinite(boroughs.isel(month=-1)).any()


def test_a_month_without_offences_is_refused(simulated_tables: ForceTables) -> None:
    gap = simulated_tables.offences["month"].sort_values().unique()[40]
    kept = simulated_tables.offences[simulated_tables.offences["month"] != gap]
    with pytest.raises(InputError, match=f"{gap:%Y%m}"):
        build_panel(replace(simulated_tables, offences=kept))


def test_a_history_too_short_for_a_season_is_refused(simulated_tables: ForceTables) -> None:
    offences = simulated_tables.offences
    recent = offences[offences["month"] > offences["month"].max() - pd.DateOffset(months=20)]
    with pytest.raises(InputError, match="too few"):
        build_panel(replace(simulated_tables, offences=recent))


def test_an_origin_outside_the_history_is_refused(simulated_panel: Panel) -> None:
    later = simulated_panel.last_month + pd.DateOffset(months=1)
    with pytest.raises(InputError, match="not a month of the history"):
        simulated_panel.as_known_at(later)


def test_known_at_an_origin_is_nothing_later(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[40]
    known = simulated_panel.as_known_at(origin)
    assert known.last_month == origin
    month_end = origin + pd.offsets.MonthEnd(0)
    for table in (known.breaks, known.ward_population, known.borough_population_by_age):
        assert (table["known_from"] <= month_end).all()
    assert not (known.breaks["last_month"] > origin).any(), "the end of a break is not known while it lasts"


def test_the_order_of_rows_hides_nothing_and_shows_nothing_later(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[-12]
    month_end = origin + pd.offsets.MonthEnd(0)
    names = ("breaks", "ward_population", "borough_population_by_age", "ward_population_by_age", "age_evidence")
    shuffled = {name: getattr(simulated_panel, name).sample(frac=1, random_state=1) for name in names}
    known = replace(simulated_panel, **shuffled).as_known_at(origin)
    kept = [len(getattr(known, name)) for name in names]
    assert kept == [int((table["known_from"] <= month_end).sum()) for table in shuffled.values()]
    assert any(0 < count < len(table) for count, table in zip(kept, shuffled.values(), strict=True))
    assert all((getattr(known, name)["known_from"] <= month_end).all() for name in names)


def test_london_is_679_wards_29_types_180_months(london_panel: Panel) -> None:
    assert dict(london_panel.offences.sizes) == {"ward": 679, "crime_type": 29, "month": 180}
    assert 11_870_000 < int(london_panel.offences.sum()) < 11_890_000
    assert len(np.unique(london_panel.offences["bcu"])) == 12
