"""The wide crime files: laid out as the publisher's, with its quirks, and counts that add up."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from sources.simulated.written.crime_files import AIRPORT_IN_BOROUGH_FILES, AIRPORT_IN_WARD_FILES, NO_BOROUGH

pytestmark = pytest.mark.unit

KINDS = [
    "ward22_historical",
    "ward22_recent_with_stub",
    "ward22_recent",
    "ward22_snapshot",
    "borough_historical",
    "borough_recent",
]


def _file(folder: Path, kind: str) -> Path:
    (file,) = (folder / "mps_recorded_crime").glob(f"{kind}_[0-9]*.csv.gz")
    return file


def _months(table: pd.DataFrame) -> list[str]:
    return [column for column in table if column.isdigit()]


def _read(folder: Path, kind: str) -> pd.DataFrame:
    return pd.read_csv(_file(folder, kind)).rename(columns=str.lower)


@pytest.mark.integration
@pytest.mark.parametrize("kind", KINDS)
def test_files_are_laid_out_as_the_publishers(london: Path, large_force: Path, kind: str) -> None:
    real_file, file = _file(london, kind), _file(large_force, kind)
    with gzip.open(real_file) as real_text, gzip.open(file) as text:
        real_header, header = real_text.readline(), text.readline()
    assert header.endswith(b"\r\n") == real_header.endswith(b"\r\n")
    real, fictional = pd.read_csv(real_file), pd.read_csv(file)
    identifiers = [column for column in real if not column.isdigit()]
    assert [column for column in fictional if not column.isdigit()] == identifiers
    assert list(fictional)[: len(identifiers)] == identifiers
    assert _months(fictional)[-1] == _months(real)[-1]
    if "historical" not in kind:
        assert _months(fictional) == _months(real)
    types = [column for column in real if column.lower() in ("majortext", "minortext")]
    published = set(real[types].itertuples(index=False, name=None))
    assert set(fictional[types].itertuples(index=False, name=None)) <= published
    assert len(fictional[types].drop_duplicates()) >= len(published) - 2
    by = [identifiers[position] for position in (range(len(identifiers)))]
    assert not fictional.duplicated(by).any()


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_is_empty(small_force: Path, kind: str) -> None:
    table = _read(small_force, kind)
    assert (table[_months(table)].sum(axis=1) > 0).all()


def test_wards_and_unlocated_offences_are_the_boroughs(large_force: Path) -> None:
    for ward_kind, borough_kind in (
        ("ward22_historical", "borough_historical"),
        ("ward22_recent_with_stub", "borough_recent"),
    ):
        wards, boroughs = _read(large_force, ward_kind), _read(large_force, borough_kind)
        months = _months(boroughs)
        of_wards = wards.groupby("minortext")[months].sum()
        unknown = boroughs["boroughname"] == NO_BOROUGH
        of_boroughs = boroughs[~unknown].groupby("minortext")[months].sum()
        beyond = of_boroughs.sub(of_wards, fill_value=0)
        if "historical" in borough_kind:
            assert not beyond.to_numpy().any()
        else:
            assert (beyond >= 0).all(axis=None)
            assert (beyond.sum() > 0).all()
        assert (boroughs[unknown][months].sum() > 0).all()


def test_located_and_unlocated_offences_are_those_of_the_truth(
    large_force: Path, large_truth: dict[str, pd.DataFrame]
) -> None:
    by_month = large_truth["offences"].groupby("month")[["located", "borough_only", "nowhere"]].sum()
    by_month.index = by_month.index.strftime("%Y%m")
    published = []
    for kind in ("borough_historical", "borough_recent"):
        table = _read(large_force, kind)
        table = table[~table["minortext"].isin(["FRAUD AND FORGERY", "NFIB"])]
        unknown = table["boroughname"] == NO_BOROUGH
        months = _months(table)
        published.append(
            pd.DataFrame({"known": table[~unknown][months].sum(), "unknown": table[unknown][months].sum()})
        )
    table = pd.concat(published)
    assert (table["known"] == by_month["located"] + by_month["borough_only"]).all()
    assert (table["unknown"] == by_month["nowhere"]).all()


def test_the_airport_changes_its_label(large_force: Path, large_truth: dict[str, pd.DataFrame]) -> None:
    wards = large_truth["wards"]
    airport = wards[wards["role"] == "airport"].iloc[0]
    located = large_truth["offences"].query("ward_code == @airport.ward_code").groupby("month")["located"].sum()
    located.index = located.index.strftime("%Y%m")
    snapshot, boroughs = _read(large_force, "ward22_snapshot"), _read(large_force, "borough_historical")
    first = _months(snapshot)[0]
    rows = _read(large_force, "ward22_historical").query("wardcode == @airport.ward_code")
    rows = rows[~rows["minortext"].isin(["FRAUD AND FORGERY", "NFIB"])]
    by_label = rows.groupby("lookup_boroughname")[_months(rows)].sum()
    assert set(by_label.index) == {airport.borough_name, AIRPORT_IN_WARD_FILES}
    label, own = by_label.loc[AIRPORT_IN_WARD_FILES], by_label.loc[airport.borough_name]
    assert (label + own == located[label.index]).all()
    assert label[label.index < first].sum() == 0
    assert own[own.index > first].sum() == 0
    assert 0 < label[first] < own[first]
    labelled = boroughs[boroughs["boroughname"] == AIRPORT_IN_BOROUGH_FILES]
    labelled = labelled[~labelled["minortext"].isin(["FRAUD AND FORGERY", "NFIB"])]
    assert (labelled[_months(labelled)].sum() == label).all()
    assert AIRPORT_IN_BOROUGH_FILES not in set(_read(large_force, "borough_recent")["boroughname"])


def test_residential_burglary_is_renamed_midway(large_force: Path) -> None:
    table = _read(large_force, "ward22_historical")
    by_type = table.groupby("minortext")[_months(table)].sum()
    old = by_type.loc["DOMESTIC BURGLARY"]
    new = by_type.loc[["RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING"]].sum()
    rename = _months(_read(large_force, "ward22_snapshot"))[0]
    assert (old[old.index <= rename] > 0).all()
    assert (old[old.index > rename] == 0).all()
    assert (new[new.index < rename] == 0).all()
    assert (new[new.index >= rename] > 0).all()


def test_editions_differ_as_real_ones_do(large_force: Path) -> None:
    stub, recent, snapshot, history = (
        _read(large_force, kind)
        for kind in ("ward22_recent_with_stub", "ward22_recent", "ward22_snapshot", "ward22_historical")
    )
    totals = {name: table[_months(table)].sum() for name, table in (("stub", stub), ("recent", recent))}
    older = snapshot[_months(snapshot)].sum()
    first, newest = _months(recent)[0], _months(recent)[-1]
    assert totals["stub"][first] == 40
    assert totals["recent"][first] == history[first].sum()
    settled = totals["stub"].index[1:6]
    assert (totals["stub"][settled] == totals["recent"][settled]).all()
    revision = older / totals["stub"].reindex(older.index).fillna(history[_months(history)].sum()) - 1
    assert 0.005 < revision[newest] < 0.01
    assert (revision.drop(first) >= 0).all()


def test_the_older_list_folds_types_together(large_force: Path) -> None:
    snapshot, history = _read(large_force, "ward22_snapshot"), _read(large_force, "ward22_historical")
    shared = [month for month in _months(snapshot) if month in history]
    older, newer = (table.groupby("minortext")[shared].sum().sum(axis=1) for table in (snapshot, history))
    assert "STALKING AND HARASSMENT" not in older
    assert older["VIOLENCE WITHOUT INJURY"] == newer["VIOLENCE WITHOUT INJURY"] + newer["STALKING AND HARASSMENT"]
    burglaries = ["DOMESTIC BURGLARY", "RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING"]
    assert older["BURGLARY IN A DWELLING"] == newer[burglaries].sum()
    assert older.sum() == newer.sum()
