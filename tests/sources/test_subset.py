"""Some boroughs as a folder of their own: their own offences to the last one, and a fair share of the unknown."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.read_force import read_force
from sources.subset import subset
from sources.tables.force_tables import ForceTables

CAMDEN, ISLINGTON = "E09000007", "E09000019"


@pytest.mark.integration
def test_london_boroughs_keep_their_own_offences_and_residents(
    london: Path, london_tables: ForceTables, tmp_path: Path
) -> None:
    folder = subset(london, ["Camden", "Islington"], tmp_path / "two")
    tables = read_force(folder)
    assert tables.force.name == "Metropolitan Police: Camden, Islington"
    assert tables.force.code == london_tables.force.code
    wards = set(tables.areas["ward_code"])
    assert len(wards) == 37
    for name in ("offences", "ward_population", "ward_profile"):
        whole = getattr(london_tables, name)
        whole = whole[whole["ward_code"].isin(wards)].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(tables, name).reset_index(drop=True), whole)
    # People counted by age for the whole force are cut to the same share, so that rates by age stay what they were.
    whole_force, own = (each.age_evidence.groupby("source")["count"].sum() for each in (london_tables, tables))
    share = tables.offences["count"].sum() / london_tables.offences["count"].sum()
    for source in ("arrests", "vawg_victims", "custody_disposals"):
        assert own[source] / whole_force[source] == pytest.approx(share, rel=0.05)
    # Of the offences without a borough they get about what they have of those with one, so coverage stays as it was.
    lost, all_lost = (
        each.unlocated_offences.query("month < '2024-03-01'")["count"].sum() for each in (tables, london_tables)
    )
    assert lost / all_lost == pytest.approx(share, rel=0.15)


@pytest.mark.integration
def test_a_simulated_borough_can_be_cut_out_too(
    simulated_force: Path, simulated_tables: ForceTables, tmp_path: Path
) -> None:
    name = simulated_tables.areas["borough_name"].iloc[0]
    assert (simulated_force / "incidents").is_dir()
    tables = read_force(subset(simulated_force, [name], tmp_path / "one"))
    assert not (tmp_path / "one" / "incidents").exists()
    assert tables.force.simulated
    assert set(tables.areas["borough_name"]) == {name}
    own = simulated_tables.offences.merge(tables.areas[["ward_code"]], on="ward_code")
    assert tables.offences["count"].sum() == own["count"].sum()
    assert np.isin(tables.ward_boundaries["code"], tables.areas["ward_code"]).all()


@pytest.mark.integration
def test_earlier_months_can_be_left_out(simulated_force: Path, simulated_tables: ForceTables, tmp_path: Path) -> None:
    names = sorted(set(simulated_tables.areas["borough_name"]))
    months = simulated_tables.offences["month"].drop_duplicates().sort_values()
    tables = read_force(subset(simulated_force, names, tmp_path / "later", since=f"{months.iloc[40]:%Y-%m}"))
    for table in ("offences", "unlocated_offences"):
        every = getattr(simulated_tables, table)
        later = every[every["month"] >= months.iloc[40]].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(tables, table).reset_index(drop=True), later)


@pytest.mark.unit
def test_what_cannot_be_cut_out_is_refused(
    simulated_force: Path, simulated_tables: ForceTables, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no such borough"):
        subset(simulated_force, ["Atlantis"], tmp_path / "one")
    with pytest.raises(InputError, match="there already"):
        subset(simulated_force, [], tmp_path)
    borough = simulated_tables.areas["borough_name"].iloc[0]
    with pytest.raises(InputError, match="no month"):
        subset(simulated_force, [borough], tmp_path / "one", since="April 2015")
    last = simulated_tables.offences["month"].max()
    after = f"{last + pd.DateOffset(months=1):%Y-%m}"
    with pytest.raises(InputError, match=rf"No month .*'{after}'\)\n.*: Start at \d{{4}}-\d\d or before"):
        subset(simulated_force, [borough], tmp_path / "one", since=after)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.unit
def test_the_folder_says_what_it_is(simulated_force: Path, simulated_tables: ForceTables, tmp_path: Path) -> None:
    names = sorted(set(simulated_tables.areas["borough_name"]))[:2]
    entry = tomllib.loads((subset(simulated_force, names, tmp_path / "two") / "force.toml").read_text())
    assert entry["name"].endswith(f": {names[0]}, {names[1]}")
    assert set(entry["borough_aliases"].values()) <= set(names)
