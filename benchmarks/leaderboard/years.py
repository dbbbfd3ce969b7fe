"""The leaderboard of years: sums of one to three years ahead, ours beside the peers', at origins a year apart.

    benchmarks/leaderboard/run years --data DATA

Walks in: a data folder. Walks out: docs/leaderboard_years.md; peers' forecasts and our cells stay in the cache. Wards
are taken together before anything is learnt, by peers and by us, since only boroughs and above are judged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from board import CACHE, HERE, start
from export_panel import export_panel
from levels import LONGEST, Counts, PeerForecast, counts_of, file_of, read_panel
from own import ROOT

sys.path.insert(0, str(HERE.parent / "far_years"))

from cells import of_boroughs, usable_origins, years_to_judge
from kept import kept_cells
from tables import of_years
from years_page import page
from years_peers import cells_of_peer

from features.breaks import months_of
from features.panel import Panel, build_panel
from models.recipes.catalogue import model_named
from sources.read_force import read_force

PEERS = ("AutoETS", "AutoTheta", "MSTL")
LEVELS = (("force", "all"), ("force", "major"), ("force", "minor"), ("bcu", "all"), ("borough", "all"))
SPACING, DRAWS = 12, 400
OURS = "three-speed"  # above wards the default recipe says the same


def judged_origins(panel: Panel, spacing: int) -> list[pd.Timestamp]:
    """Return the usable origins with a year to judge as far ahead as peers are asked."""
    unusual = months_of(panel.breaks, "disruption", panel.months).to_numpy()
    return [
        origin
        for origin in usable_origins(panel, spacing)
        if min(years_to_judge(unusual, panel.months.get_loc(origin) + 1)) < LONGEST // 12
    ]


def run_peers(panel_file: Path, folder: Path, origins: Sequence[pd.Timestamp]) -> None:
    """Fit the peers at all levels and origins, those that the cache holds apart."""
    tasks = [(peer, *level, f"{origin:%Y-%m}", False) for origin in origins for level in LEVELS for peer in PEERS]
    file = folder / "tasks.json"
    file.write_text(json.dumps(tasks))
    if start("peers.py", panel_file, file, folder).wait():
        raise SystemExit("The peers' process failed; its message stands above.")


def peers_cells(panel: Panel, panel_file: Path, folder: Path, origins: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return the cells of all peers, as `cells.cells_at` gives ours, with a column entrant."""
    table = read_panel(panel_file)
    unusual = months_of(panel.breaks, "disruption", panel.months).to_numpy()
    parts = []
    for level in LEVELS:
        counts: Counts = counts_of(table, *level)
        for origin in origins:
            years = years_to_judge(unusual, panel.months.get_loc(origin) + 1)
            for peer in PEERS:
                found = PeerForecast.load(file_of(folder, peer, *level, origin, False))
                parts.append(cells_of_peer(found, counts, level, origin, years).assign(entrant=peer))
    return pd.concat(parts, ignore_index=True)


def main() -> None:
    """Run what is missing and write the page."""
    parser = argparse.ArgumentParser(prog="benchmarks/leaderboard/run years", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the force's input files")
    parser.add_argument("--spacing", type=int, default=SPACING, help="months between origins")
    arguments = parser.parse_args()
    panel = of_boroughs(build_panel(read_force(arguments.data.resolve())))
    folder = CACHE / f"years-{hashlib.sha256(panel.offences.to_numpy().tobytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    panel_file = folder / "panel.parquet"
    export_panel(panel, panel_file)
    origins = judged_origins(panel, arguments.spacing)
    run_peers(panel_file, folder, origins)
    model = model_named(OURS)
    ours = [of_years(kept_cells(panel, model, one, DRAWS, ROOT / "cache" / "far_years")) for one in origins]
    cells = pd.concat([*ours, peers_cells(panel, panel_file, folder, origins)], ignore_index=True)
    cells["entrant"] = cells["entrant"].fillna("Wardcast")
    (ROOT / "docs" / "leaderboard_years.md").write_text(page(cells, LEVELS, origins))


if __name__ == "__main__":
    main()
