"""Targets replayed over London's past: the chance that was said, and whether the target was met.

    .venv/bin/python benchmarks/goals.py draw PANEL_FOLDER OUT 2013-03 2014-03 2015-03
    .venv/bin/python benchmarks/goals.py judge PANEL_FOLDER OUT --picture docs/pictures/targets_calibration.svg

`draw` fits at each origin what was known then and keeps draws by borough. `judge` tells 20-20-20 and the calibration of
targets over boroughs and crime types: at each origin of March, change against the last twelve months, each whole year
ahead. All targets of an origin share its shocks, so intervals resample origins, not targets.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from models.draws.figures import FigureMaker
from models.draws.kept import sums_kept
from models.forecast.hierarchy import AreaTree
from models.scripting import fit, forecast
from pipelines.flows.plan_basis import recorded_by_borough
from pipelines.kept.panel_files import load_panel
from planning.folder.defaults import default_table
from planning.folder.example_target import EXAMPLE_LIST
from planning.folder.goals.lists import counted
from planning.goals.targets import chance_of

CHANGES = (-0.2, -0.1, -0.05, 0.0, 0.05, 0.1)
FEWEST = 100  # offences in the last year, for a target to be worth setting
MONTHS = 36
BINS = np.linspace(0, 1, 6)


def draw(panel_folder: Path, out: Path, origins: list[str], draws: int) -> None:
    """Keep the draws of each origin by borough, unlocated offences included, and print what each took."""
    panel, tree = load_panel(panel_folder), None
    out.mkdir(parents=True, exist_ok=True)
    for text in origins:
        began, origin = time.time(), pd.Timestamp(f"{text}-01")
        last = panel.last_month
        horizon = min(MONTHS, (last.year - origin.year) * 12 + last.month - origin.month)
        made = forecast(fit(panel, "boosted", origin), panel, horizon)
        tree = tree or AreaTree.of(panel.areas)
        maker = FigureMaker([made], {}, tree, draws=draws, seed=1)
        types = [str(name) for name in made.mean["crime_type"].to_numpy()]
        kept = np.stack([sums_kept(maker.draw(name), tree).by_month for name in types], axis=1)
        codes = [*panel.areas["borough_code"].drop_duplicates(), *made.unlocated["area"].to_numpy()]
        np.savez(out / f"{text}.npz", draws=kept.astype(np.int32), types=types, codes=np.array(codes, dtype=str))
        print(f"{text}: {time.time() - began:.0f} s", flush=True)


def judge(panel_folder: Path, out: Path, picture: Path | None) -> None:
    """Print 20-20-20 as said at each origin, the calibration of all targets, and draw it."""
    areas, types = (pd.read_parquet(panel_folder / f"{name}.parquet") for name in ("areas", "crime_types"))
    history = recorded_by_borough(panel_folder, areas)
    majors = dict(zip(types["crime_type"], types["major_type"], strict=True))
    lists = default_table("priorities", "").assign(of_force=False)
    cases = []
    for file in sorted(out.glob("????-??.npz")):
        held = np.load(file)
        origin = pd.Timestamp(f"{file.stem}-01")
        chosen = counted(EXAMPLE_LIST, lists, list(held["types"]), majors)
        past = history.sel(crime_type=list(held["types"]))
        if file.stem in {"2013-03", "2014-03", "2015-03"}:
            _twenty(held["draws"], past.to_numpy()[:, chosen], chosen, origin, past["month"].to_numpy())
        cases += _cases(held, past, chosen, origin)
    table = pd.DataFrame(cases, columns=["origin", "year", "area", "what", "change", "chance", "met"])
    _tell(table, picture)


def _twenty(draws: np.ndarray, past: np.ndarray, chosen: np.ndarray, origin: pd.Timestamp, months: np.ndarray) -> None:
    when = pd.DatetimeIndex(months)
    base, truth = (
        float(past[..., (when >= first) & (when < first + pd.DateOffset(years=1))].sum())
        for first in (pd.Timestamp("2011-04-01"), pd.Timestamp("2015-04-01"))
    )
    first = (2015 - origin.year) * 12 + 4 - origin.month - 1
    year = draws[:, chosen, first : first + 12].sum(axis=(0, 1, 2)).astype(float)
    said = chance_of(year, 0.8 * base, "at most")
    print(
        f"20-20-20 said in {origin:%Y-%m}: chance {said.met:.3f}, change {said.mean / base - 1:+.3f} "
        f"({said.low / base - 1:+.3f} to {said.high / base - 1:+.3f}); came {truth / base - 1:+.3f}, "
        f"inside {said.low <= truth <= said.high}"
    )


def _cases(held: np.lib.npyio.NpzFile, past: object, chosen: np.ndarray, origin: pd.Timestamp) -> list[tuple]:
    codes, names = held["codes"], [str(name) for name in held["types"]]
    groups = {EXAMPLE_LIST: chosen, "all": np.ones_like(chosen)}
    groups |= {name: np.array([one == name for one in names]) for name in names}
    when = pd.DatetimeIndex(past["month"].to_numpy())  # type: ignore[index]
    known, where = past.to_numpy(), past["area_code"].to_numpy()  # type: ignore[attr-defined, index]
    start = int(np.flatnonzero(when == origin)[0]) + 1
    boroughs = list(dict.fromkeys(code for code in codes if code.startswith("E09")))
    rows = []
    for area in [*boroughs, "force"]:
        inside, of_area = (np.ones(len(each), bool) if area == "force" else each == area for each in (codes, where))
        drawn, came = held["draws"][inside].sum(axis=0), known[of_area].sum(axis=0)
        for name, group in groups.items():
            last = came[group, start - 12 : start].sum()
            if last < FEWEST:
                continue
            for year in range(min(MONTHS, drawn.shape[1]) // 12):
                months = slice(12 * year, 12 * year + 12)
                values = drawn[group, months].sum(axis=(0, 1))
                truth = came[group, start + 12 * year : start + 12 * year + 12].sum()
                for change in CHANGES:
                    aim = last * (1 + change)
                    rows.append((origin, year + 1, area, name, change, float((values <= aim).mean()), truth <= aim))
    return rows


def _tell(table: pd.DataFrame, picture: Path | None) -> None:
    generator = np.random.default_rng(1)
    table = table.assign(off=(table["chance"] - table["met"]) ** 2, bin=np.digitize(table["chance"], BINS[1:-1]))
    rate = table.groupby(["year", "change"])["met"].transform("mean")
    table = table.assign(reference=(rate - table["met"]) ** 2)
    print(f"{len(table)} targets of {table['origin'].nunique()} origins")
    skill = table.groupby("year")[["off", "reference"]].mean()
    print(skill.assign(skill=1 - skill["off"] / skill["reference"]).round(4).to_string())
    parts = {
        origin: rows.groupby("bin")[["chance", "met"]].agg(["sum", "count"]) for origin, rows in table.groupby("origin")
    }
    sums = np.stack([rows.reindex(range(len(BINS) - 1)).fillna(0).to_numpy() for rows in parts.values()])
    picked = generator.integers(0, len(sums), (1000, len(sums)))
    again = sums[picked].sum(axis=1)
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(again[:, :, 2] / again[:, :, 3], [0.05, 0.95], axis=0)
    every = sums.sum(axis=0)
    shown = pd.DataFrame(
        {"said": every[:, 0] / every[:, 1], "met": every[:, 2] / every[:, 3], "low": low, "high": high}
    )
    print(shown.assign(targets=every[:, 1].astype(int)).round(3).to_string())
    by_origin = table.groupby("origin")[["chance", "met"]].mean()
    print(by_origin.round(3).to_string())
    of_force = table[table["area"] == "force"]
    print(f"force alone: Brier {of_force['off'].mean():.4f}, base rate {of_force['reference'].mean():.4f}")
    if picture is not None:
        _draw(shown, picture)


def _draw(shown: pd.DataFrame, picture: Path) -> None:
    figure, axes = plt.subplots(figsize=(5.2, 4.6))
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as said")
    errors = [shown["met"] - shown["low"], shown["high"] - shown["met"]]
    axes.errorbar(shown["said"], shown["met"], yerr=np.maximum(errors, 0), marker="o", color="#12436D", label="came")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="Chance that was said", ylabel="Share of targets met")
    axes.legend(frameon=False, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    plt.rcParams["svg.hashsalt"] = "wardcast"
    figure.savefig(picture, metadata={"Date": None})


def main() -> None:
    """Draw or judge."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=["draw", "judge"])
    asked.add_argument("panel", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("origins", nargs="*")
    asked.add_argument("--draws", type=int, default=100)
    asked.add_argument("--picture", type=Path)
    given = asked.parse_args()
    if given.what == "draw":
        draw(given.panel, given.out, given.origins, given.draws)
    else:
        judge(given.panel, given.out, given.picture)


if __name__ == "__main__":
    main()
