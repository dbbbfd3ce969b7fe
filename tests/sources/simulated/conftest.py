"""A small fictional force for questions of form, a larger one for questions of number."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.simulated import simulate


@pytest.fixture(scope="session")
def small_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("small") / "force", wards=14, months=60, seed=3)


@pytest.fixture(scope="session")
def large_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("large") / "force", wards=80, months=96, seed=5)


@pytest.fixture(scope="session")
def large_truth(large_force: Path) -> dict[str, pd.DataFrame]:
    return {file.stem: pd.read_parquet(file) for file in (large_force / "truth").glob("*.parquet")}
