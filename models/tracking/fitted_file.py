"""A fitted model as one file, so that a fresh process can forecast the same numbers without seeing data.

Walks in: a fitted model. Walks out: a netCDF file of named arrays (no pickle), and the model back from it.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pandas as pd
import xarray as xr

from models.forecast.forecast import Factors, FittedModel
from models.forecast.noise import Noise


def save_fitted(fitted: FittedModel, file: Path) -> None:
    """Write the fitted model's arrays, model name and origin."""
    parts = {field.name: getattr(fitted.factors, field.name) for field in fields(Factors)}
    parts |= {f"noise_{field.name}": getattr(fitted.noise, field.name) for field in fields(Noise)}
    described = xr.Dataset(parts, attrs={"model": fitted.model, "origin": f"{fitted.origin:%Y-%m-%d}"})
    described.to_netcdf(file, engine="scipy")


def load_fitted(file: Path) -> FittedModel:
    """Return the fitted model that `save_fitted` wrote."""
    described = xr.load_dataset(file, engine="scipy")
    return FittedModel(
        model=described.attrs["model"],
        origin=pd.Timestamp(described.attrs["origin"]),
        factors=Factors(**{field.name: described[field.name] for field in fields(Factors)}),
        noise=Noise(**{field.name: described[f"noise_{field.name}"] for field in fields(Noise)}),
    )
