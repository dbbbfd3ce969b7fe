"""The leaderboard, from the data to the page: run by `benchmarks/leaderboard/run`, which builds the peers' environment.

Walks in: a data folder and what to run. Walks out: docs/leaderboard.md with its plots; peers' forecasts
stay in the cache.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from entrants import Entrants, Season
from export_panel import export_panel
from levels import file_of
from own import ROOT, seconds_by_stage
from page import cost_table, name_of, page
from peer_tables import PeerTables
from pictures import LOOKS, accuracy_by_volume, reliability, skill_by_horizon
from plan import BASE, LONG_ORIGINS, ORDER, OTHER_ORIGINS, OURS, PEERS, RECONCILED, YEAR_ORIGINS, tasks
from standing import by_horizon, by_level, by_volume, leads, with_all_origins
from targets import aims_table

from features.panel import build_panel
from models.recipes.catalogue import MODELS
from publication.charts.charts import save_picture
from sources.read_force import read_force

HERE = Path(__file__).parent
CACHE = ROOT / "cache" / "leaderboard"
PEERS_PYTHON = CACHE / ".venv" / "bin" / "python"


def chosen(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks/leaderboard/run", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the force's input files")
    parser.add_argument("--origin", nargs="+", default=YEAR_ORIGINS, help="origins of 12 months, as 2023-03")
    parser.add_argument("--long-origin", nargs="+", default=LONG_ORIGINS, help="origins of 36 months")
    parser.add_argument("--peer", nargs="*", default=PEERS, choices=PEERS, help="peers to run; the rest from the cache")
    parser.add_argument("--model", nargs="+", default=[OURS, "three-speed"], choices=MODELS, help="our models")
    parser.add_argument("--workers", type=int, default=2, help="peers' processes side by side")
    parser.add_argument("--no-peers", action="store_true", help="take peers' forecasts and costs from the cache")
    parser.add_argument("--keep", action="store_true", help="keep our own backtests of earlier code")
    return parser.parse_args(words)


def run_peers(arguments: argparse.Namespace, panel_file: Path, folder: Path) -> None:
    """Run the peers' tasks and reconciliation in the peers' environment, each process on one thread."""
    todo = list(tasks(arguments.peer, ORDER, arguments.origin, arguments.long_origin))
    running = []
    for worker in range(arguments.workers):
        file = folder / f"tasks_{worker}.json"
        file.write_text(json.dumps(todo[worker :: arguments.workers]))
        running.append(start("peers.py", panel_file, file, folder))
    for process in running:
        if process.wait():
            raise SystemExit("A peer's process failed; its message stands above.")
    ready = [
        origin
        for origin in arguments.origin
        if all(file_of(folder, BASE, *level, pd.Timestamp(origin), False).exists() for level in ORDER)
    ]
    if ready and start("reconciled.py", panel_file, folder, BASE, *ready).wait():
        raise SystemExit("Reconciliation failed; its message stands above.")


def start(script: str, *words: object) -> subprocess.Popen[bytes]:
    """Return a running script of the peers' environment, on one thread."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    command = [str(PEERS_PYTHON), str(HERE / script), *map(str, words)]
    return subprocess.Popen(command, env=os.environ | one_thread)


def main() -> None:
    """Run what is asked for and write the page."""
    arguments = chosen()
    data = arguments.data.resolve()
    tables = read_force(data)
    panel = build_panel(tables)
    # A folder for each state of the data, so that a forecast of other data is never taken for one of these.
    kept = CACHE / hashlib.sha256(panel.offences.to_numpy().tobytes()).hexdigest()[:12]
    folder, panel_file = kept / "peers", kept / "panel.parquet"
    timing_file, own_costs_file = kept / "timing.json", kept / f"own_costs_{OURS}.json"
    folder.mkdir(parents=True, exist_ok=True)
    export_panel(panel, panel_file)
    newest = pd.Timestamp(arguments.origin[-1]).as_unit("us")
    if not arguments.no_peers:
        run_peers(arguments, panel_file, folder)
    # Both sides are timed one after the other, so that their ratio is of one machine in one state.
    if not (arguments.no_peers and timing_file.exists() and own_costs_file.exists()):
        if start("timing.py", panel_file, arguments.origin[-1], timing_file).wait():
            raise SystemExit("Timing the peers failed; its message stands above.")
        own_costs_file.write_text(json.dumps(seconds_by_stage(OURS, panel, newest, 12)))
    timing, own = json.loads(timing_file.read_text()), json.loads(own_costs_file.read_text())

    peers = PeerTables(panel_file, folder)
    entrants = Entrants(data, tables, peers, kept, keep=arguments.keep)
    seasons = {12: Season("12", 12, arguments.origin), 36: Season("36", 36, arguments.long_origin)}
    scores = {}
    for horizon, season in seasons.items():
        parts = [
            *entrants.own_scores(arguments.model, season),
            *entrants.peer_scores([*PEERS, *RECONCILED], season),
        ]
        scores[horizon] = pd.concat([part for part in parts if len(part)], ignore_index=True)
        scores[horizon].to_parquet(kept / f"scores_{horizon}.parquet", index=False)
    (others,) = entrants.own_scores([OURS], Season("others", 12, OTHER_ORIGINS))
    timing |= {"LightGBM": peers.milliseconds("LightGBM", ("ward", "minor"), arguments.origin)}
    aims = aims_table(scores[12][scores[12]["entrant"] == OURS], others)
    monthly = {horizon: part[part["period"] == "month"] for horizon, part in scores.items()}
    made = "were made anew or kept" if not arguments.no_peers else "are those kept of an earlier run on the same data"
    provenance = f"In the run shown here they {made}; they cost {peers.hours():.1f} hours of processor time in all."
    write(monthly, seasons, cost_table(timing, own), peers.reconciling(arguments.origin), aims, provenance)


def write(
    scores: dict[int, pd.DataFrame],
    seasons: dict[int, Season],
    costs: str,
    reconciliation: str,
    aims: str,
    provenance: str,
) -> None:
    """Write the page and its plots."""
    docs = ROOT / "docs"
    (docs / "leaderboard").mkdir(parents=True, exist_ok=True)
    names = {looks: name_of(*looks).replace("**", "") for looks in LOOKS}
    standings = {horizon: by_level(part) for horizon, part in scores.items()}
    drawn = with_all_origins(scores[12])
    for name, figure in (
        ("skill", skill_by_horizon(by_horizon(drawn), names)),
        ("reliability", reliability(by_level(drawn), names)),
        ("volume", accuracy_by_volume(by_volume(drawn), BASE, names)),
    ):
        save_picture(figure, docs / "leaderboard" / f"{name}.svg")
    text = page(
        standings,
        {horizon: leads(part, OURS) for horizon, part in scores.items()},
        seasons,
        costs,
        reconciliation,
        aims,
        provenance,
        "benchmarks/leaderboard/run --data DATA",
    )
    (docs / "leaderboard.md").write_text(text)


if __name__ == "__main__":
    main()
