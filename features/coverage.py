"""Coverage: the share of offences whose ward is known.

Walks in: the panel. Walks out: the share by crime type and month. Ward counts fall when coverage does, so a model
must not mistake lost locations for less crime.
"""

from __future__ import annotations

import xarray as xr

from features.panel import Panel


def coverage(panel: Panel) -> xr.DataArray:
    """Return located offences as a share of all, (crime_type, month), 0 to 1; 1 where there were no offences."""
    located = panel.offences.sum("ward")
    every = located + panel.unlocated.sum("area", skipna=True)
    return (located / every.where(every > 0)).fillna(1.0).rename("coverage")
