"""Noise kept on disk: remembered by data and code, and never trusted when damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.forecast.noise import COMPONENTS, PARTS, Noise
from models.recipes.baselines import RecentMean
from models.recipes.boosted import Boosted
from models.recipes.model import Model
from pipelines.kept import kept_noise
from pipelines.kept.kept_noise import KeptNoise, vintage_of
from pipelines.kept.panel_files import load_panel, save_panel

pytestmark = pytest.mark.unit
MODEL = RecentMean()


class Estimates:
    """An estimate of noise that counts how often it is asked, and never says the same twice."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, model: Model, known: Panel) -> Noise:
        self.asked.append(model.name)
        size = 0.01 * len(self.asked)
        plain = Noise.none(known.offences["crime_type"].to_numpy())
        return Noise(plain.common + size, plain.own + size, plain.unlocated + size)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_same_data_and_code_are_asked_once(simulated_panel: Panel, tmp_path: Path) -> None:
    estimates = Estimates()
    first, again = (KeptNoise(tmp_path / "noise", estimates)(RecentMean(), simulated_panel) for _ in range(2))
    assert estimates.asked == ["recent-mean"]
    for part in ("common", "own", "unlocated"):
        xr.testing.assert_equal(getattr(first, part), getattr(again, part))
        assert getattr(first, part).dims == getattr(again, part).dims
    # Labels must work as they do on a fresh estimate.
    crime_type = simulated_panel.offences["crime_type"].to_numpy()[3]
    assert again.own.sel(component=COMPONENTS[2], part=PARTS[1], crime_type=crime_type) == pytest.approx(0.01)


def test_another_model_origin_or_datum_is_another_question(simulated_panel: Panel, tmp_path: Path) -> None:
    estimates = Estimates()
    kept = KeptNoise(tmp_path, estimates)
    kept(RecentMean(), simulated_panel)
    kept(Boosted(), simulated_panel)
    kept(RecentMean(half_life=7.0), simulated_panel)
    kept(RecentMean(), simulated_panel.as_known_at(simulated_panel.months[60]))
    offences = simulated_panel.offences.copy()
    offences[3, 2, 7] += 1
    kept(RecentMean(), replace(simulated_panel, offences=offences))
    breaks = simulated_panel.breaks.assign(last_month=pd.Timestamp("2030-01-01"))
    kept(RecentMean(), replace(simulated_panel, breaks=breaks))
    assert len(estimates.asked) == len(files(tmp_path)) == 6


def test_a_panel_read_from_its_files_is_no_other_question(simulated_panel: Panel, tmp_path: Path) -> None:
    save_panel(simulated_panel, tmp_path / "panel")
    assert vintage_of(load_panel(tmp_path / "panel"), MODEL) == vintage_of(simulated_panel, MODEL)
    turned = simulated_panel.offences.reset_coords(drop=True)
    for name in sorted(simulated_panel.offences.coords, reverse=True):
        turned = turned.assign_coords({name: simulated_panel.offences[name]})
    assert vintage_of(replace(simulated_panel, offences=turned), MODEL) == vintage_of(simulated_panel, MODEL)


def test_what_comes_after_the_origin_makes_no_difference(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[60]
    later = simulated_panel.offences["month"] > origin
    changed = replace(simulated_panel, offences=simulated_panel.offences.where(~later, 9).astype(np.int32))
    one, other = (vintage_of(panel.as_known_at(origin), MODEL) for panel in (changed, simulated_panel))
    assert one == other


def test_other_code_is_asked_again(simulated_panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    estimates = Estimates()
    KeptNoise(tmp_path, estimates)(RecentMean(), simulated_panel)
    source = tmp_path / "another_model.py"
    source.write_text("a changed line")
    monkeypatch.setattr(kept_noise, "CODE", [*kept_noise.CODE, source])
    KeptNoise(tmp_path, estimates)(RecentMean(), simulated_panel)
    assert len(estimates.asked) == 2


@pytest.mark.parametrize("damage", ["cut short", "a byte changed", "empty", "no such thing"])
def test_a_damaged_file_is_estimated_anew_with_a_warning(simulated_panel: Panel, tmp_path: Path, damage: str) -> None:
    estimates = Estimates()
    kept = KeptNoise(tmp_path, estimates)
    kept(RecentMean(), simulated_panel)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(
        {
            "cut short": whole[:-20],
            "a byte changed": whole[:300] + bytes([whole[300] ^ 1]) + whole[301:],
            "empty": b"",
            "no such thing": b"<html>",
        }[damage]
    )
    with pytest.warns(UserWarning, match="damaged"):
        anew = kept(RecentMean(), simulated_panel)
    assert anew.common.to_numpy() == pytest.approx(0.02)
    assert kept(RecentMean(), simulated_panel).common.to_numpy() == pytest.approx(0.02)
    assert len(estimates.asked) == 2


def test_nothing_is_left_of_a_write_that_fails(
    simulated_panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        KeptNoise(tmp_path, Estimates())(RecentMean(), simulated_panel)
    assert files(tmp_path) == []
