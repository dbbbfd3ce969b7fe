"""Every recipe makes something of a crime type without an offence, and of one that was recorded long ago only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.panel import Panel
from models.recipes.catalogue import MODELS

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def known(simulated_panel: Panel) -> Panel:
    """The simulated force, one type without an offence, one with none of late, and a borough without any."""
    offences = simulated_panel.offences.copy()
    offences[:, 0, :] = 0
    offences[:, 1, 30:] = 0
    offences[(offences["borough"] == offences["borough"][0]).to_numpy()] = 0
    return replace(simulated_panel, offences=offences)


@pytest.mark.parametrize("name", [name for name in MODELS if name in ("ets", "theta", "stl", "seasonal-naive")])
def test_nothing_recorded_is_nothing_expected(known: Panel, name: str) -> None:
    factors = MODELS[name].factors(known)
    season, trend = factors.ahead(known.last_month, 12)
    expected = (factors.level * season * trend).transpose("ward", "crime_type", "month").to_numpy()
    assert np.isfinite(expected).all()
    assert expected[:, 0].sum() < 1e-3
    assert expected.sum() > 1
