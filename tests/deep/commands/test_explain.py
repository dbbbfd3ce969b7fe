"""`wardcast explain`: the steps add up on the terminal, the picture is written, mistakes are explained."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.running.places import Workplace

pytestmark = pytest.mark.e2e


def numbers(shown: str) -> list[float]:
    """Return the offences of each row of the waterfall."""
    return [float(found.replace(",", "")) for found in re.findall(r"│ +([+-]?[\d,.]+) │", shown)]


def test_the_steps_lead_from_the_recorded_year_to_the_expected_one(workplace: Workplace, released: Path) -> None:
    table = pd.read_parquet(released / "forecast.parquet")
    cell = table.query("area_level == 'ward' and crime_type == 'VIOLENCE WITHOUT INJURY' and period == 'year'").iloc[0]
    picture = workplace.folder / "why.svg"
    done = workplace.wardcast(
        "explain",
        "--data",
        workplace.data,
        "--area",
        cell["area_code"],
        "--crime",
        cell["crime_type"].lower(),
        "--out",
        picture,
    )
    assert done.returncode == 0, done.stderr
    first, *parts, last = numbers(done.stdout)
    history = pd.read_parquet(released / "history.parquet")
    history = history[(history["area_code"] == cell["area_code"]) & (history["crime_type"] == cell["crime_type"])]
    year = history[history["month"] > history["month"].max() - pd.DateOffset(months=12)]
    assert first == year["count"].sum()
    assert last == pytest.approx(cell["mean"], abs=0.6)
    assert first + sum(parts) == pytest.approx(last, abs=1.5)  # as rounded on the screen
    assert "SIMULATED" in done.stdout
    assert cell["area_name"] in done.stdout
    assert "the champion, version" in done.stdout
    assert picture.read_text().startswith("<?xml")


def test_without_a_store_the_factors_are_fitted_now_and_none_is_made(workplace: Workplace) -> None:
    nowhere = workplace.folder / "no-store"
    areas = pd.read_csv(next((workplace.data / "lookups").glob("*.csv")), dtype=str)
    code = next(value for value in areas.iloc[0] if re.fullmatch(r"[A-Z]\d{8}", str(value)))
    done = workplace.wardcast(
        "explain", "--data", workplace.data, "--area", code, "--year", 2, "--against", 1, WARDCAST_MLRUNS=str(nowhere)
    )
    assert done.returncode == 0, done.stderr
    assert "fitted now" in done.stdout
    assert "level, season" in done.stdout
    assert not nowhere.exists()


def test_an_unknown_area_is_explained(workplace: Workplace) -> None:
    done = workplace.wardcast("explain", "--data", workplace.data, "--area", "E99999999")
    assert done.returncode == 1
    assert "no area with this code" in done.stderr
    assert "What to do" in done.stderr


def test_two_forecasts_are_compared_level_by_level(workplace: Workplace) -> None:
    ours, theirs = workplace.folder / "ours.parquet", workplace.folder / "theirs.parquet"
    asked = ("--origin", "2024-03", "--out", ours, "--model", "recent-mean")
    done = workplace.wardcast("backtest", "--data", workplace.data, *asked)
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(ours)
    numbers = table.columns[table.columns.get_loc("mean") :]
    table.assign(**{name: 2 * table[name] for name in numbers}).to_parquet(theirs)
    done = workplace.wardcast("compare", ours, theirs, "--data", workplace.data)
    assert done.returncode == 0, done.stderr
    ward = next(line for line in done.stdout.splitlines() if re.search(r"ward +│ minor", line))
    assert "better" in ward
