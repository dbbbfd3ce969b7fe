"""How the unit of work that engines share out grows with wards: one major type drawn, split by age and summarised.

    .venv/bin/python benchmarks/scaling_of_drawing.py --wards 170 340 679 1358 --picture docs/pictures/scaling.svg

A major type of two minor types, 48 months, 400 draws, three scenarios, eight age groups by two bases, and one sum over
types, with made-up rates and residents: arrays have the sizes that they have in the main job, whose largest major types
have more minor types but hold no more at once. Each size runs in a process of its own, as a worker would; its largest
resident memory and its processor seconds are printed, without what it took to make the input.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from models.draws.figures import FigureMaker
from models.draws.major_summary import BlockMaker, summarise_major
from models.forecast.forecast import Forecast, months_ahead
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import Noise
from models.people.age_rates import AgeRates
from models.people.age_shares import AgeShares
from publication.charts.charts import STYLE, save_picture

MAJOR, MINORS = "THEFT", np.array(["SHOPLIFTING", "OTHER THEFT"], dtype=object)
ORIGIN, HORIZON, DRAWS, SAMPLES = pd.Timestamp("2025-03-01"), 48, 400, 200
WARDS_IN_A_BOROUGH, BOROUGHS_IN_A_UNIT = 20, 3
BASES = ["victim", "suspect"]
MOST_GIB = 9


def areas_of(wards: int) -> pd.DataFrame:
    """Return an `areas` table of that many wards."""
    borough = np.arange(wards) // WARDS_IN_A_BOROUGH
    unit = borough // BOROUGHS_IN_A_UNIT
    table = pd.DataFrame({"ward": np.arange(wards), "borough": borough, "bcu": unit, "force": 0}).astype(str)
    return pd.DataFrame(
        {f"{level}_{part}": level + table[level] for level in table.columns for part in ("code", "name")}
    )


def forecast_of(areas: pd.DataFrame, scenario: str, growth: float) -> Forecast:
    """Return a forecast of two offences a month in every ward, with a population that grows."""
    wards, months = areas["ward_code"].to_numpy(object), months_ahead(ORIGIN, HORIZON)
    level = xr.DataArray(
        np.full((len(wards), len(MINORS)), 2.0),
        dims=("ward", "crime_type"),
        coords={"ward": wards, "crime_type": MINORS, "major_type": ("crime_type", [MAJOR] * len(MINORS))},
    )
    path = growth ** (np.arange(1, HORIZON + 1) / 12)
    exposure = xr.DataArray(np.tile(path, (len(wards), 1)), [("ward", wards), ("month", months)])
    unlocated_areas = areas["borough_code"].drop_duplicates().to_numpy(object)
    unlocated = xr.DataArray(
        np.full((len(unlocated_areas), len(MINORS), HORIZON), 3.0),
        [("area", unlocated_areas), ("crime_type", MINORS), ("month", months)],
    )
    noise = Noise.none(MINORS)
    for variances in (noise.common, noise.own, noise.unlocated):
        variances[:] = 0.004
    return Forecast(ORIGIN, scenario, {"level": level, "population": exposure}, unlocated, noise, exposure, 1.0, 0.3)


def shares_of(areas: pd.DataFrame) -> AgeShares:
    """Return shares of age groups from level rates."""
    ages = np.arange(91)
    rate = xr.DataArray(np.full((2, len(MINORS), 91), 0.01), [("basis", BASES), ("crime_type", MINORS), ("age", ages)])
    known = xr.DataArray(np.full((2, len(MINORS)), 0.6), [("basis", BASES), ("crime_type", MINORS)])
    rows = [(minor, basis, "measured", "", "") for minor in MINORS for basis in BASES]
    rates = AgeRates(
        rate,
        rate.expand_dims(sample=SAMPLES),
        known,
        known.expand_dims(sample=SAMPLES),
        pd.DataFrame(rows, columns=["crime_type", "basis", "quality", "source", "note"]),
    )
    residents = np.full((len(areas), HORIZON // 12, 91), 140.0, dtype=np.float32)
    return AgeShares(rates, areas["borough_code"].to_numpy(object), residents)


def work(wards: int) -> None:
    """Do one unit of work and print what it took."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_GIB * 2**30,) * 2)
    areas = areas_of(wards)
    shares = shares_of(areas)
    scenarios = {"central": 1.01, "low": 0.99, "high": 1.02}
    forecasts = [forecast_of(areas, name, growth) for name, growth in scenarios.items()]
    maker = FigureMaker(forecasts, dict.fromkeys(scenarios, shares), AreaTree.of(areas), draws=DRAWS, seed=1)
    summariser = BlockMaker(maker, {("all", "all"): frozenset(MINORS)}, keep_draws=False)
    before = resource.getrusage(resource.RUSAGE_SELF)
    summarise_major(summariser, MAJOR)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(wards, round(used, 1), round(after.ru_maxrss / 2**20, 2), sep=",", flush=True)


def draw(rows: pd.DataFrame, file: Path) -> None:
    """Draw processor seconds and memory over wards."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 3), layout="constrained")
        for axes, column in zip(figure.subplots(1, 2), rows.columns[1:], strict=True):
            axes.plot(rows["wards"], rows[column], marker="o", color="#12436D")
            axes.set_title(f"{column} of a unit of drawing", fontsize=10, loc="left")
            axes.set_xlabel("wards")
            axes.set_xlim(left=0)
            axes.set_ylim(bottom=0)
        save_picture(figure, file)


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wards", type=int, nargs="+", default=[679, 2037])
    parser.add_argument("--picture", type=Path, help="file to draw the curves into")
    arguments = parser.parse_args()
    if len(arguments.wards) == 1:
        work(arguments.wards[0])
        return
    told = []
    for each in arguments.wards:
        command = [sys.executable, __file__, "--wards", str(each)]
        told.append(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        print(told[-1], end="", flush=True)
    if arguments.picture:
        names = ["wards", "Processor seconds", "Largest memory, GiB,"]
        draw(pd.read_csv(io.StringIO("".join(told)), names=names), arguments.picture)


if __name__ == "__main__":
    main()
