"""The panel of one stream by month: its values, and the crime types that it cuts across.

Walks in: a stream and the tables of its force. Walks out: a `StreamPanel`. Its areas stand where a panel of crime has
wards, and what they lie in where it has boroughs, so the models of crime types take it. As with crime,
`as_known_at` is the only gate that a model looks through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from features.breaks import load_breaks
from features.panel import Panel
from sources.files.errors import InputError
from sources.streams.entries import StreamEntry
from sources.streams.tables import Stream, periods_between
from sources.tables.contracts import POPULATION_BY_AGE, WARD_POPULATION, no_rows

if TYPE_CHECKING:
    from sources.tables.force_tables import ForceTables

# Level of a stream's areas, and that of what they lie in.
ABOVE = {"ward": "borough", "borough": "bcu", "force": "force"}


@dataclass(frozen=True, eq=False)
class StreamPanel:
    """What is known of a stream.

    panel : its values, (ward, crime_type, month) float, missing where an area or a month is not known; of nested series
        the one that holds the others, else every series. `unlocated` are values of no known area.
    nested : (ward, series, month) float, the nested series, nearest to their holder first; empty where there are none.
    related : (ward, month) float, offences of the crime types that the stream cuts across, from the history's first
        month; empty where it cuts across none.
    """

    about: StreamEntry
    panel: Panel
    nested: xr.DataArray
    related: xr.DataArray

    @property
    def months(self) -> pd.DatetimeIndex:
        """The months from the stream's first to its last."""
        return self.panel.months

    @property
    def last_month(self) -> pd.Timestamp:
        """The stream's own newest month."""
        return self.panel.last_month

    def as_known_at(self, origin: pd.Timestamp) -> StreamPanel:
        """Return the panel as it was knowable at the end of the origin month; InputError outside the history."""
        until = slice(None, origin)
        return replace(
            self,
            panel=self.panel.as_known_at(origin),
            nested=self.nested.sel(month=until),
            related=self.related.sel(month=until),
        )


def stream_panel(stream: Stream, tables: ForceTables) -> StreamPanel:
    """Return the panel of a monthly stream of a force.

    Raises
    ------
    InputError
        If the stream is not by month, is by areas that are not the force's, or is not to be forecast.
    """
    about = stream.about
    if about.period != "month" or about.areas == "own" or not about.forecast:
        raise InputError(
            f"The stream {about.name} is not forecast by month",
            value=f"{about.period}, areas {about.areas}",
            remedy=about.not_forecast_because or "Supply it by month and by the force's own areas.",
        )
    areas = areas_of(about, tables.areas)
    months = periods_between(about, stream.table["start"].min(), stream.table["start"].max())
    values = _dense(stream, areas["ward_code"].to_numpy(object), months)
    nested = [series for series in stream.series if series in about.within]
    nested.sort(key=lambda series: len(about.holders(series)))
    top = [series for series in stream.series if series not in about.within]
    return StreamPanel(
        about=about,
        panel=_panel(stream, values.sel(series=top), areas, tables),
        nested=values.sel(series=nested),
        related=_related(about, areas, tables),
    )


def areas_of(about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the stream's areas in the form of `areas`: its own level in place of wards, the one above of boroughs."""
    own, above = about.areas, ABOVE[about.areas]
    columns = {
        "ward_code": areas[f"{own}_code"],
        "ward_name": areas[f"{own}_name"],
        "borough_code": areas[f"{above}_code"],
        "borough_name": areas[f"{above}_name"],
        **{name: areas[name] for name in ("bcu_code", "bcu_name", "force_code", "force_name")},
    }
    if own == "force":
        columns |= {"bcu_code": areas["force_code"], "bcu_name": areas["force_name"]}
    table = pd.DataFrame(columns).drop_duplicates("ward_code")
    return table.sort_values(["bcu_code", "borough_code", "ward_code"]).reset_index(drop=True)


def _dense(stream: Stream, codes: np.ndarray, months: pd.DatetimeIndex) -> xr.DataArray:
    """Return the values, (ward, series, month): absent rows are zero, or missing where the area was not counted."""
    series = stream.series
    table = stream.table[stream.table["area_code"].isin(codes)]
    cube = np.zeros((len(codes), len(series), len(months)))
    place = pd.Index(codes).get_indexer(pd.Index(table["area_code"]))
    kind = pd.Index(series).get_indexer(pd.Index(table["series"]))
    when = months.get_indexer(pd.Index(table["start"]))
    cube[place, kind, when] = table["value"].to_numpy()
    counted = np.full((len(codes), len(months)), stream.about.absent == "zero")
    counted[place, when] = True
    counted[:, months.isin(stream.unknown_periods)] = False
    return xr.DataArray(
        np.where(counted[:, None, :], cube, np.nan),
        dims=("ward", "series", "month"),
        coords={"ward": codes, "series": np.array(series, dtype=object), "month": months},
    )


def _panel(stream: Stream, values: xr.DataArray, areas: pd.DataFrame, tables: ForceTables) -> Panel:
    months = pd.DatetimeIndex(values["month"].to_index())
    series = values["series"].to_numpy()
    title = np.full(len(series), stream.about.title, dtype=object)
    offences = xr.DataArray(
        values.to_numpy(),
        dims=("ward", "crime_type", "month"),
        coords={
            "ward": values["ward"].to_numpy(),
            "crime_type": series,
            "month": months,
            "borough": ("ward", areas["borough_code"].to_numpy(object)),
            "bcu": ("ward", areas["bcu_code"].to_numpy(object)),
            "major_type": ("crime_type", title),
        },
        name="offences",
    )
    kinds = pd.DataFrame({"crime_type": series, "major_type": title, "neighbourhood_crime": False})
    return Panel(
        offences=offences,
        unlocated=_unlocated(stream, areas, series, months),
        areas=areas,
        crime_types=kinds.assign(finest_open_level=stream.about.finest_open_level),
        breaks=_breaks(stream, tables.force.code),
        # Residents of a stream's areas, and how demand of its kind follows them, are not learnt.
        ward_population=no_rows(WARD_POPULATION),
        borough_population_by_age=no_rows(POPULATION_BY_AGE),
    )


def _unlocated(stream: Stream, areas: pd.DataFrame, series: np.ndarray, months: pd.DatetimeIndex) -> xr.DataArray:
    """Return values of no known area, (area, crime_type, month); areas that have none at all are not known."""
    codes = [*dict.fromkeys(areas["borough_code"]), areas["force_code"].iloc[0]]
    codes = list(dict.fromkeys(code for code in codes if code not in set(areas["ward_code"])))
    # A force of its own area has none whose area is not known, and stands for that.
    codes = codes or ["none"]
    table = stream.table[stream.table["area_code"].isin(codes) & stream.table["series"].isin(series)]
    cube = xr.DataArray(
        np.zeros((len(codes), len(series), len(months))),
        dims=("area", "crime_type", "month"),
        coords={"area": np.array(codes, dtype=object), "crime_type": series, "month": months},
        name="unlocated",
    )
    places = (
        pd.Index(codes).get_indexer(pd.Index(table["area_code"])),
        pd.Index(series).get_indexer(pd.Index(table["series"])),
        months.get_indexer(pd.Index(table["start"])),
    )
    cube.to_numpy()[places] = table["value"].to_numpy()
    cube = cube.where(~cube["month"].isin(stream.unknown_periods))
    title = np.full(len(series), stream.about.title, dtype=object)
    return cube.assign_coords(major_type=("crime_type", title))


def _breaks(stream: Stream, force: str) -> pd.DataFrame:
    """Return disruptions of the force, changes of recording too if the stream cuts across crime types, and months that
    were set aside."""
    breaks = load_breaks(force_code=force)
    kinds = ["disruption", "step"] if stream.about.overlaps else ["disruption"]
    breaks = breaks[(breaks["crime_type"] == "all") & breaks["kind"].isin(kinds)]
    aside = [
        {
            "event": why,
            "force_code": force,
            "kind": "disruption",
            "crime_type": "all",
            "first_month": pd.Timestamp(month),
            "last_month": pd.Timestamp(month),
            "known_from": pd.Timestamp(month),
            "evidence": "Said of the stream",
        }
        for month, why in stream.about.set_aside.items()
    ]
    return pd.concat([breaks, pd.DataFrame(aside)], ignore_index=True) if aside else breaks.reset_index(drop=True)


def _related(about: StreamEntry, areas: pd.DataFrame, tables: ForceTables) -> xr.DataArray:
    """Return offences of the crime types that the stream cuts across, by its areas, (ward, month)."""
    codes = areas["ward_code"].to_numpy(object)
    offences = tables.offences[tables.offences["crime_type"].isin(about.overlaps)]
    months = pd.DatetimeIndex(sorted(offences["month"].unique()))
    of_ward = tables.areas.set_index("ward_code")[f"{about.areas}_code"] if about.areas != "ward" else None
    code = offences["ward_code"] if of_ward is None else offences["ward_code"].map(of_ward)
    sums = offences.groupby([code.rename("ward"), "month"])["count"].sum().unstack(fill_value=0)
    dense = sums.reindex(index=codes, columns=months, fill_value=0).to_numpy(dtype=float)
    return xr.DataArray(dense, dims=("ward", "month"), coords={"ward": codes, "month": months})
