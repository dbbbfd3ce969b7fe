"""Our side of the leaderboard: `wardcast backtest` for each model, and what an origin costs.

Walks in: a data folder, models and origins. Walk out: forecast tables in the cache, and seconds by stage.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from features.panel import Panel
from models.draws.summary import forecast_table
from models.fit import fit_at
from models.forecast.forecast import months_ahead
from models.people.population_demand import learn_population_demand
from models.recipes.catalogue import model_named

ROOT = Path(__file__).parents[2]


def code_digest() -> str:
    """Return a digest of the code that forecasts, so that a result of other code is not taken for its own."""
    files = sorted(
        file
        for room in ("sources", "features", "models")
        for file in (ROOT / room).rglob("*.[pc][ys]*")
        if file.suffix != ".pyc"
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def backtested(
    model: str, data: Path, origins: Sequence[str], horizon: int, folder: Path, *, keep: bool
) -> tuple[Path, bool]:
    """Run `wardcast backtest` and return its table's file and whether it was made now.

    A table made by the same code is used again; with `keep`, so is one made by other code.
    """
    name = f"{model}_{horizon}_{hashlib.sha256(' '.join(origins).encode()).hexdigest()[:6]}"
    file = folder / f"{name}_{code_digest()}.parquet"
    older = sorted(folder.glob(f"{name}_*.parquet"), key=lambda one: one.stat().st_mtime)
    if file.exists() or (keep and older):
        return (file if file.exists() else older[-1]), False
    chosen = [part for origin in origins for part in ("--origin", origin)]
    command = [str(Path(sys.executable).with_name("wardcast")), "backtest", "--data", str(data), "--model", model]
    command += ["--horizon", str(horizon), "--out", str(file), *chosen]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    for one in older:
        one.unlink()
    return file, True


def seconds_by_stage(model: str, panel: Panel, origin: pd.Timestamp, horizon: int) -> dict[str, float]:
    """Return processor seconds of one origin: means of all series, calibration on past origins, 400 draws summed up."""
    known, own = panel.as_known_at(origin), model_named(model)
    started = time.process_time()
    own.factors(known)
    means = time.process_time()
    fitted = fit_at(own, panel, origin)
    fit = time.process_time()
    demand = learn_population_demand(known)
    ahead = demand.factor(months_ahead(origin, horizon))
    forecast_table(fitted.forecast(horizon, ahead, strength=demand.strength.mean), panel.areas)
    return {
        "means": means - started,
        "calibration": max(fit - means - (means - started), 0.0),
        "draws": time.process_time() - fit,
        "series": float(known.offences.sizes["ward"] * known.offences.sizes["crime_type"]),
    }
