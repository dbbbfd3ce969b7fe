"""How forecasts err: the variances of mean-one shocks at each level of area.

Walks in: variances estimated from past errors (`models.uncertainty.variances`). Walks out: a `Noise`, which
`models.draws.distribution` turns into draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

COMPONENTS = ("force", "borough", "ward")
PARTS = ("level", "drift", "month")

# Busier areas err less: an area's variance falls with this power of its volume. Chosen on origins up to 2017.
VOLUME_POWER = {"force": 0.0, "borough": 0.3, "ward": 0.3}
QUIETEST, BUSIEST = (
    0.05,
    20.0,
)  # volumes, relative to the typical area, past which the variance stays as it is


@dataclass(frozen=True)
class Noise:
    """Variances of log shocks, estimated from past rolling origins.

    common : (component, part), of shocks shared by all crime types.
    own : (component, part, crime_type), of shocks of each crime type alone.
    unlocated : (part, crime_type), of offences with no known ward in each borough or the force.

    Of each, `level` stays over the horizon, `drift` adds up month by month, `month` is of a single month; they hold for
    an area of typical volume, see `relief`.
    """

    common: xr.DataArray
    own: xr.DataArray
    unlocated: xr.DataArray

    @classmethod
    def none(cls, crime_types: np.ndarray) -> Noise:
        """Return noise without shocks: counts vary as Poisson around the expectation."""
        zeros = xr.DataArray(np.zeros(len(crime_types)), dims="crime_type", coords={"crime_type": crime_types})
        parts = xr.DataArray(np.zeros(len(PARTS)), dims="part", coords={"part": list(PARTS)})
        components = xr.DataArray(np.zeros(len(COMPONENTS)), dims="component", coords={"component": list(COMPONENTS)})
        return cls(components * parts, components * parts * zeros, parts * zeros)

    def mean_over_median(self, steps: np.ndarray) -> xr.DataArray:
        """Return what the force's shocks make of the mean, relative to the median, (crime_type, step), at least 1.

        A log shock of the h-th month is normal with variance v = level + h x drift + month, so its mean is exp(v / 2).
        """
        ahead = xr.DataArray(steps, dims="step", coords={"step": steps})
        force = (self.own + self.common).sel(component="force", drop=True)
        variance = force.sel(part="level") + force.sel(part="drift") * ahead + force.sel(part="month")
        return xr.apply_ufunc(np.exp, variance / 2).transpose("crime_type", "step")


def relief(volume: np.ndarray, component: str) -> np.ndarray:
    """Return each area's variance relative to that of an area of mean volume, (area, ...)."""
    typical = np.maximum(volume.mean(axis=0, keepdims=True), 1e-9)
    return np.clip(volume / typical, QUIETEST, BUSIEST) ** -VOLUME_POWER[component]
