"""A small force to plan for: draws made up to order, so that no model need be fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from models.draws.kept import KeptDraws
from planning.folder.check import Ground
from planning.folder.contracts import TABLES, no_rows_of
from planning.folder.entries import PlanHead
from planning.folder.new import as_text
from planning.folder.read import PlanFolder, read_plan

TYPES = {
    "RESIDENTIAL BURGLARY": "BURGLARY",
    "SHOPLIFTING": "THEFT",
    "RAPE": "SEXUAL OFFENCES",
    "POSSESSION OF DRUGS": "DRUG OFFENCES",
}
DRAWS = 60
MONTHS = 24


@pytest.fixture(scope="session")
def areas() -> pd.DataFrame:
    """Four wards in two boroughs, each a BCU."""
    rows = [(f"E0500000{ward}", f"Ward {ward}", 1 + (ward > 2)) for ward in (1, 2, 3, 4)]
    table = pd.DataFrame(rows, columns=["ward_code", "ward_name", "borough"])
    return pd.DataFrame(
        {
            "ward_code": table["ward_code"],
            "ward_name": table["ward_name"],
            "borough_code": "E0900000" + table["borough"].astype(str),
            "borough_name": "Borough " + table["borough"].astype(str),
            "bcu_code": "BCU" + table["borough"].astype(str),
            "bcu_name": "Command " + table["borough"].astype(str),
            "force_code": "E23000099",
            "force_name": "Nowhere Police",
        }
    )


@pytest.fixture(scope="session")
def kept(areas: pd.DataFrame) -> KeptDraws:
    """Draws of two years, with offences of no known ward by borough and of no known borough."""
    generator = np.random.default_rng(5)
    months = pd.date_range("2025-04-01", periods=MONTHS, freq="MS", unit="us")
    shock = np.exp(generator.normal(0, 0.15, (1, len(TYPES), 1, DRAWS)))
    monthly = generator.poisson(np.array([8, 30, 2, 5])[None, :, None, None] * shock * np.ones((4, 1, MONTHS, 1)))
    unlocated = generator.poisson(0.6, (3, len(TYPES), MONTHS, DRAWS))
    boroughs = monthly.reshape(2, 2, *monthly.shape[1:]).sum(axis=1)
    yearly = monthly.reshape(4, len(TYPES), 2, 12, DRAWS).sum(axis=3)
    codes = ["E09000001", "E09000002", "E09000001", "E09000002", "E23000099"]
    area = {"area_code": ("area", codes), "measure": ("area", ["located"] * 2 + ["unlocated"] * 3)}
    ward = {"ward": areas["ward_code"].to_numpy(str), "borough_code": ("ward", areas["borough_code"].to_numpy(str))}
    types = {"crime_type": list(TYPES)}
    base = generator.poisson(np.array([8, 30, 2, 5]) * 12, (4, len(TYPES))).astype(float)
    base_areas = np.concatenate([base.reshape(2, 2, -1).sum(axis=1), np.full((3, len(TYPES)), 7.0)])
    growth = np.linspace(0, -0.1, MONTHS) * np.ones((1, 2, len(TYPES), 1))
    return KeptDraws(
        origin=np.datetime64("2025-03"),
        by_month=xr.DataArray(
            np.concatenate([boroughs, unlocated]).astype(np.int32),
            dims=("area", "crime_type", "month", "draw"),
            coords=area | types | {"month": months},
        ),
        by_year=xr.DataArray(
            yearly.astype(np.int32),
            dims=("ward", "crime_type", "year", "draw"),
            coords=ward | types | {"year": months[::12]},
        ),
        base=xr.DataArray(base_areas, dims=("area", "crime_type"), coords=area | types),
        base_by_ward=xr.DataArray(base, dims=("ward", "crime_type"), coords=ward | types),
        log_exposure=xr.DataArray(
            growth,
            dims=("variant", "borough", "crime_type", "month"),
            coords=types | {"variant": ["young held"], "month": months},
        ),
        strength=xr.DataArray(generator.normal(1, 0.2, DRAWS), dims="draw"),
    )


@pytest.fixture(scope="session")
def ground(areas: pd.DataFrame, kept: KeptDraws) -> Ground:
    """What a plan for the small force stands on."""
    return Ground("E23000099", areas, TYPES, pd.DatetimeIndex(kept.by_month["month"].to_numpy()), "2025-03-abcdef12")


def assumption(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows of a table of a plan folder, in its form, what is not said filled in."""
    filled = {"unit": "each", "year": "2025", "country": "nowhere", "source": "made up", "quality": "measured"}
    filled |= {"error_group": "one", "from_month": pd.NaT, "month": pd.NaT, "officers": 1.0, "of_force": True}
    filled |= {"way": "", "given": "", "path": "", "area": "force", "role": "officer", "rank": "all", "skill": "all"}
    filled |= {"kind": "actual", "joiners": np.nan, "leavers": np.nan, "months_to_readiness": np.nan, "n": np.nan}
    table = pd.DataFrame([{**filled, **row} for row in rows])
    for column in ("month", "from_month"):
        table[column] = pd.to_datetime(table[column])
    return table[[*TABLES[name].columns, "of_force"]]


def exactly(value: float) -> dict[str, float]:
    """Return a value that is certain."""
    return {"p10": value, "p50": value, "p90": value}


@pytest.fixture(scope="session")
def simple() -> PlanFolder:
    """One hour of response a case, nothing else: hours are offences."""
    head = PlanHead.model_validate({"name": "simple", "who": "a test", "scenarios": ["young held"]})
    rows = {
        "workload": [{"what": "all", "function": "response", **exactly(1.0)}],
        "handling": [],
        "streams": [],
        "caseload": [],
        "time": [{"role": "all", "kind": "paid", "name": "paid", **exactly(1000.0)}],
        "people": [{"function": "response", "month": "2025-03-01", "fte": 2.0}],
    }
    tables = {name: assumption(name, rows[name]) if rows.get(name) else _none(name) for name in TABLES}
    return PlanFolder(head, tables, (), (), (), "0" * 64)


def _none(name: str) -> pd.DataFrame:
    return no_rows_of(name).assign(of_force=pd.Series(dtype=bool))


@pytest.fixture
def plan_folder(tmp_path: Path, ground: Ground) -> Path:
    """A plan folder on disk with the defaults that this force's crime types have."""
    defaults = read_plan(None, ground)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "plan.toml").write_text('name = "mine"\nwho = "a test"\nscenarios = ["young held"]\n')
    known = {"all", *TYPES, *TYPES.values()}
    for name in ("workload", "handling", "caseload", "time"):
        table = defaults.tables[name].drop(columns="of_force")
        table = table[table["what"].isin(known)] if "what" in table else table
        as_text(table, name).to_csv(folder / f"{name}.csv", index=False)
    posts = [
        {"function": function, "month": "2025-03-01", "fte": fte}
        for function, fte in (("response", 5.0), ("investigation", 6.0), ("national", 2.0))
    ]
    posts.append({"path": "fewer", "kind": "planned", "function": "all", "month": "2025-03-01", "fte": 13.0})
    posts.append({"path": "fewer", "kind": "planned", "function": "all", "month": "2027-03-01", "fte": 10.0})
    as_text(assumption("people", posts).drop(columns="of_force"), "people").to_csv(folder / "people.csv", index=False)
    return folder
