"""Noise kept from one command to the next: learning how forecasts err is most of the work of fitting a model.

Walks in: a model and a panel as known at an origin. Walks out: the model's noise, from a file if these very data and
this very code have given it before, else estimated and kept.
"""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from models.forecast.for_each import ForEach
from models.forecast.noise import Noise
from models.recipes.model import Model, NoiseOf
from models.recipes.parameters import values_of
from models.uncertainty.shared_past import SharedPast
from models.uncertainty.variances import estimate_noise
from pipelines.code_version import lock_hash
from pipelines.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
CODE = [
    file
    for room in ("features", "models")
    for kind in ("*.py", "*.csv")
    for file in sorted((PROJECT / room).rglob(kind))
]
SEAL = hashlib.sha256().digest_size  # bytes before the arrays, by which a damaged file is known


class KeptNoise:
    """An estimate of noise that remembers, by data, parameters and code, in a folder that may be deleted any time."""

    def __init__(self, folder: Path, estimate: NoiseOf = estimate_noise) -> None:
        self.folder, self.estimate = folder, estimate

    def __call__(self, model: Model, known: Panel) -> Noise:
        """Return the noise of a model at the last month of the panel; warns when a kept file is damaged.

        That of a model written outside the rooms, as in a notebook, is estimated each time: its code is not in the key.
        """
        if not type(model).__module__.startswith("models."):
            return self.estimate(model, known)
        file = self.folder / f"{model.name}-{known.last_month:%Y-%m}-{vintage_of(known, model)}.noise"
        if file.is_file():
            try:
                return read_noise(file)
            except ValueError as damage:
                warnings.warn(f"{file} is damaged ({damage}); the noise is estimated anew", stacklevel=2)
        noise = self.estimate(model, known)
        write_noise(noise, file)
        return noise


def kept_noise(settings: Settings, for_each: ForEach) -> KeptNoise:
    """Return the noise as kept in the cache, estimated by this engine where it is not.

    It is for one history, as known at any of its months: what origins have in common is worked out once.
    """
    return KeptNoise(settings.cache / "noise", partial(estimate_noise, for_each=for_each, shared=SharedPast()))


def vintage_of(known: Panel, model: Model) -> str:
    """Return a digest of what the panel holds, the recipe's parameters, the code and its libraries' versions."""
    digest = hashlib.sha256(lock_hash().encode())
    digest.update(repr(sorted(values_of(model).items())).encode())
    for file in CODE:
        digest.update(os.path.relpath(file, PROJECT).encode() + file.read_bytes())
    for field in fields(known):
        digest.update(field.name.encode())
        for part in _parts(getattr(known, field.name)):
            digest.update(repr((part.dtype.str, part.shape)).encode() + part.tobytes())
    return digest.hexdigest()[:32]


def write_noise(noise: Noise, file: Path) -> None:
    """Write the noise's arrays behind their digest, whole or not at all."""
    arrays = xr.Dataset({field.name: getattr(noise, field.name) for field in fields(Noise)})
    content = bytes(arrays.to_netcdf(None, engine="scipy"))
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        aside.write_bytes(hashlib.sha256(content).digest() + content)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def read_noise(file: Path) -> Noise:
    """Return the noise that `write_noise` wrote; ValueError when the file is not as it was written."""
    kept = file.read_bytes()
    seal, content = kept[:SEAL], kept[SEAL:]
    if hashlib.sha256(content).digest() != seal:
        raise ValueError("its content does not match its digest")
    arrays = xr.load_dataset(io.BytesIO(content), engine="scipy")
    return Noise(**{field.name: arrays[field.name] for field in fields(Noise)})


def _parts(held: xr.DataArray | pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield what tells one array or table from another, as numbers."""
    if isinstance(held, pd.DataFrame):
        yield pd.util.hash_array(held.columns.to_numpy(object))
        yield pd.util.hash_pandas_object(held, index=False).to_numpy()
        return
    yield np.ascontiguousarray(held.to_numpy())
    # A file gives them back in any order.
    for name in sorted(map(str, held.coords)):
        yield pd.util.hash_array(held[name].to_numpy())
