"""A stream's history made whole: gaps, late areas, borrowed months; and nothing seen after the origin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.streams.lengthened import borrows, whole_history
from features.streams.panel import StreamPanel, stream_panel
from sources.files.errors import InputError
from sources.streams.tables import stream_named
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


def panel_of(tables: ForceTables, name: str) -> StreamPanel:
    return stream_panel(stream_named(tables.streams, tables.stream_values, name), tables)


def test_an_area_that_joined_late_is_unknown_before_and_filled_in_like_the_others(
    simulated_tables: ForceTables,
) -> None:
    panel = panel_of(simulated_tables, "minutes_taken")
    missing = (~np.isfinite(panel.panel.offences)).any(("crime_type", "month"))
    assert int(missing.sum()) == 1
    late = panel.panel.offences["ward"].to_numpy()[missing.to_numpy()][0]
    whole = whole_history(panel)
    assert np.isfinite(whole.offences.to_numpy()).all()
    known = panel.panel.offences.sel(ward=late).dropna("month").sum("crime_type")
    filled = whole.offences.sel(ward=late).sum("crime_type")
    before = filled.sel(month=filled["month"] < known["month"][0])
    assert 0.7 < float(before.mean() / known.mean()) < 1.4


def test_a_month_set_aside_lies_between_its_neighbours(simulated_tables: ForceTables) -> None:
    panel = panel_of(simulated_tables, "calls_999")
    month = panel.months[30]
    gap = replace(
        panel, panel=replace(panel.panel, offences=panel.panel.offences.where(panel.panel.offences["month"] != month))
    )
    filled = whole_history(gap).offences
    beside = filled.sel(month=panel.months[[29, 31]]).sum(("ward", "crime_type"))
    assert beside.min() <= filled.sel(month=month).sum() <= beside.max()


def test_a_short_flag_borrows_months_of_its_own_size_and_a_long_stream_none(simulated_tables: ForceTables) -> None:
    knife, calls = panel_of(simulated_tables, "knife_crime"), panel_of(simulated_tables, "calls_999")
    assert borrows(knife)
    assert not borrows(calls)
    whole = whole_history(knife)
    assert whole.months[0] < knife.months[0]
    assert whole.last_month == knife.last_month
    own = float(knife.panel.offences.mean())
    borrowed = whole.offences.sel(month=slice(None, knife.months[0] - pd.DateOffset(months=1)))
    assert 0.8 < float(borrowed.mean()) / own < 1.25, "the truth has no trend in the part that is flagged"
    assert (borrowed == borrowed.round()).all()
    xr.testing.assert_identical(whole.offences, whole_history(knife).offences)


def test_what_is_filled_in_does_not_see_past_the_origin(simulated_tables: ForceTables) -> None:
    for name in ("knife_crime", "minutes_taken"):
        panel = panel_of(simulated_tables, name)
        origin = panel.months[30]
        later = panel.panel.offences["month"] > origin.to_datetime64()
        changed = replace(
            panel,
            panel=replace(panel.panel, offences=panel.panel.offences.where(~later, 9999.0)),
            related=panel.related.where(panel.related["month"] <= origin.to_datetime64(), 9999.0),
        )
        one, other = (whole_history(each.as_known_at(origin)) for each in (panel, changed))
        xr.testing.assert_identical(one.offences, other.offences)


def test_a_stream_that_is_not_by_month_is_refused(simulated_tables: ForceTables) -> None:
    stream = stream_named(simulated_tables.streams, simulated_tables.stream_values, "calls_999")
    weekly = replace(stream, about=stream.about.model_copy(update={"period": "week"}))
    with pytest.raises(InputError, match="not forecast by month"):
        stream_panel(weekly, simulated_tables)
