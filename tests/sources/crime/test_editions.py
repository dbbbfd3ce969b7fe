"""Editions joined: the whole London bundle, and excerpts of it made to disagree."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources.crime.crime_types import read_crime_types, read_crime_vocabulary
from sources.crime.editions import Edition, join_editions
from sources.crime.offence_history import OffenceHistory, read_offence_history
from sources.crime.unlocated import unlocated
from sources.crime.wide_counts import area_key
from sources.files.errors import InputError

LONDON = "E23000001"
AIRPORTS = {"London Heathrow and London City Airports": "Hillingdon"}
WARD_EDITIONS = [
    "ward22_historical_201004_202402",
    "ward22_snapshot_detailed56_202112_202311",
    "ward22_snapshot_202304_202503",
    "ward22_recent_202402_202503",
    "ward22_recent_with_stub_202402_202503",
]
BOROUGH_EDITIONS = ["borough_historical_201004_202402", "borough_recent_202403_202503"]
NOT_COUNTED = ["FRAUD AND FORGERY", "NFIB"]


def editions(london: Path, names: list[str]) -> list[Edition]:
    return [Edition(name, london / "mps_recorded_crime" / f"{name}.csv.gz") for name in names]


def month_total(london: Path, name: str, month: str, where: str = "index >= 0") -> int:
    table = pd.read_csv(london / "mps_recorded_crime" / f"{name}.csv.gz").rename(columns=str.lower).query(where)
    return int(table.loc[~table["minortext"].str.upper().isin(NOT_COUNTED), month].sum())


@pytest.fixture(scope="module")
def areas(london: Path) -> pd.DataFrame:
    names = {"ward22cd": "ward_code", "lad22cd": "borough_code", "borough": "borough_name"}
    return pd.read_csv(london / "lookups" / "ward22_borough_bcu.csv").rename(columns=names)


@pytest.fixture(scope="module")
def history(london: Path, areas: pd.DataFrame) -> OffenceHistory:
    return read_offence_history(
        editions(london, WARD_EDITIONS),
        editions(london, BOROUGH_EDITIONS),
        areas,
        read_crime_vocabulary(),
        LONDON,
        AIRPORTS,
    )


@pytest.mark.integration
def test_london_is_whole(history: OffenceHistory) -> None:
    offences = history.offences
    assert offences["ward_code"].nunique() == 679
    assert set(offences["crime_type"]) == set(read_crime_types()["crime_type"])
    assert offences["month"].nunique() == 180
    assert (offences["month"].min(), offences["month"].max()) == (
        pd.Timestamp("2010-04"),
        pd.Timestamp("2025-03"),
    )
    assert offences["count"].sum() == 11_878_394


@pytest.mark.integration
@pytest.mark.parametrize(
    ("month", "source"),
    [
        ("202401", "ward22_historical_201004_202402"),
        ("202402", "ward22_recent_202402_202503"),
        ("202403", "ward22_recent_with_stub_202402_202503"),
        ("202503", "ward22_recent_with_stub_202402_202503"),
    ],
)
def test_a_month_comes_from_the_newest_edition_and_never_from_a_stub(
    london: Path, history: OffenceHistory, month: str, source: str
) -> None:
    read = history.offences.loc[history.offences["month"] == pd.Timestamp(f"{month}01"), "count"].sum()
    assert read == month_total(london, source, month)


@pytest.mark.integration
def test_the_editions_of_london_agree_where_they_overlap(london: Path, history: OffenceHistory) -> None:
    overlaps = history.overlaps
    pairs = overlaps.groupby(["dataset", "other"]).size()
    historical, detailed, merged, recent, with_stub = WARD_EDITIONS
    assert pairs.to_dict() == {
        (historical, detailed): 24,  # the detailed snapshot ends before the history, so it is the older one
        (merged, historical): 11,
        (merged, detailed): 8,
        (recent, historical): 1,
        (recent, merged): 14,
        (with_stub, merged): 13,
        (with_stub, recent): 13,
    }
    assert overlaps["difference"].abs().max() < 0.01
    one = overlaps.query("dataset == @WARD_EDITIONS[2] and other == @WARD_EDITIONS[1]").iloc[0]
    assert one["other_offences"] == month_total(
        london, WARD_EDITIONS[1], "202304", "minortext != 'Historical Fraud and Forgery'"
    )
    used = history.spans.set_index("dataset")["months_used"]
    assert used.reindex(WARD_EDITIONS).tolist() == [166, 0, 0, 1, 13]


@pytest.mark.integration
def test_unlocated_offences_are_by_borough_only_where_boroughs_hold_them(london: Path, history: OffenceHistory) -> None:
    table = history.unlocated_offences
    of_force = table[table["area_code"] == LONDON]
    assert of_force["month"].nunique() == 180
    assert table.loc[table["area_code"] != LONDON, "month"].min() == pd.Timestamp("2024-03")
    assert table.loc[table["area_code"] != LONDON, "area_code"].nunique() == 32
    unknown = "boroughname == 'Unknown'"
    for month, source in (("202003", BOROUGH_EDITIONS[0]), ("202503", BOROUGH_EDITIONS[1])):
        read = of_force.loc[of_force["month"] == pd.Timestamp(f"{month}01"), "count"].sum()
        assert read == month_total(london, source, month, unknown)


@pytest.mark.integration
def test_located_and_unlocated_offences_add_up_to_those_of_the_boroughs(
    history: OffenceHistory, areas: pd.DataFrame
) -> None:
    borough_of = areas.set_index("ward_code")["borough_code"]
    located = history.offences.assign(area_code=history.offences["ward_code"].map(borough_of))
    key = ["area_code", "crime_type", "month"]
    parts = pd.concat([located, history.unlocated_offences]).groupby(key)["count"].sum()
    whole = history.borough_offences.set_axis([*key, "count"], axis=1).groupby(key)["count"].sum()
    difference = whole.sub(parts, fill_value=0)
    by_month = difference.groupby("month").agg(["sum", lambda cells: cells.abs().sum()])
    assert (by_month.loc[: pd.Timestamp("2024-01")] == 0).all().all()
    # The two cases in which they do not are counted in the quarantine.
    reasons = history.quarantine.set_index("row")["count"]
    assert by_month.loc[pd.Timestamp("2024-02"), "sum"] == reasons["month 2024-02"] == 145
    clipped = reasons.filter(regex=r"\d+ cells")
    assert clipped.index.tolist() == ["486 cells"]
    assert -by_month.loc[pd.Timestamp("2024-03") :, "sum"].sum() == clipped.sum() == 694


@pytest.mark.integration
def test_everything_set_aside_is_counted(history: OffenceHistory) -> None:
    quarantine = history.quarantine
    stub = quarantine[quarantine["reason"].str.contains("stub")]
    assert stub["count"].tolist() == [40]
    fraud = quarantine[quarantine["reason"].str.contains("fraud") & quarantine["file"].str.startswith("ward22_hist")]
    assert fraud["count"].sum() == 68_909


@pytest.fixture
def pair(london: Path, tmp_path: Path) -> tuple[Edition, Edition]:
    """Two editions of one ward, both from the historical file: 2022-09..2024-01 and 2023-03..2024-02."""
    whole = pd.read_csv(london / "mps_recorded_crime" / "ward22_historical_201004_202402.csv.gz")
    ward = whole[whole["wardcode"] == "E05009317"]
    identifiers = list(ward.columns[:5])
    older, newer = (Edition(name, tmp_path / f"{name}.csv") for name in ("older", "newer"))
    ward[identifiers + list(ward.columns[-18:-1])].to_csv(older.path, index=False)
    ward[identifiers + list(ward.columns[-12:])].to_csv(newer.path, index=False)
    return older, newer


CODES = {area_key("E05009317"): "E05009317"}


@pytest.mark.integration
def test_editions_that_differ_too_much_are_refused(pair: tuple[Edition, Edition]) -> None:
    newer = pair[1]
    joined = join_editions(pair, CODES, read_crime_vocabulary())
    assert joined.overlaps["difference"].tolist() == [0.0] * 11
    table = pd.read_csv(newer.path)
    row = table["202310"].idxmax()
    total = joined.totals.loc[pd.Timestamp("2023-10"), "older"]
    table.loc[row, "202310"] += int(np.ceil(0.03 * total))
    table.to_csv(newer.path, index=False)
    with pytest.raises(InputError, match=r"2023-10.*newer holds.*older holds") as caught:
        join_editions(pair, CODES, read_crime_vocabulary())
    assert (caught.value.file, caught.value.column) == (newer.path, "202310")
    assert len(join_editions(pair, CODES, read_crime_vocabulary(), tolerance=0.05).overlaps) == 11


@pytest.mark.integration
def test_an_edition_that_reaches_further_is_newer_whatever_its_place(pair: tuple[Edition, Edition]) -> None:
    older, newer = pair
    table = pd.read_csv(newer.path)
    table.loc[table["202401"].idxmax(), "202401"] += 1
    table.to_csv(newer.path, index=False)
    joined = join_editions([newer, older], CODES, read_crime_vocabulary())
    assert joined.spans["dataset"].tolist() == ["older", "newer"]
    assert set(joined.overlaps["dataset"]) == {"newer"}
    january = joined.offences[joined.offences["month"] == pd.Timestamp("2024-01")]
    assert january["count"].sum() == joined.totals.loc[pd.Timestamp("2024-01"), "newer"]
    assert joined.totals.loc[pd.Timestamp("2024-01")].diff().iloc[-1] == 1


@pytest.mark.integration
@pytest.mark.parametrize("spoilt", [0, 1, 2])
def test_an_unknown_ward_is_refused_in_every_edition(london: Path, pair: tuple[Edition, Edition], spoilt: int) -> None:
    """Also where the edition gives no counts: totals only, or every month in a newer one."""
    older, newer = pair
    totals_only = Edition("totals", older.path.with_name("totals.csv"))
    whole = pd.read_csv(london / "mps_recorded_crime" / f"{WARD_EDITIONS[1]}.csv.gz").rename(columns=str.lower)
    whole[whole["wardcode"] == "E05009317"].to_csv(totals_only.path, index=False)
    editions = [older, totals_only, newer]
    join_editions(editions, CODES, read_crime_vocabulary())
    path = editions[spoilt].path
    table = pd.read_csv(path)
    table.loc[4, "wardcode"] = "E05099999"
    table.to_csv(path, index=False)
    with pytest.raises(InputError, match="E05099999") as caught:
        join_editions(editions, CODES, read_crime_vocabulary())
    assert (caught.value.file, caught.value.row, caught.value.column) == (path, 6, "wardcode")


@pytest.mark.integration
def test_a_month_between_editions_is_refused(pair: tuple[Edition, Edition]) -> None:
    older, newer = pair
    columns = list(pd.read_csv(newer.path).columns)
    pd.read_csv(older.path).drop(columns=["202312", "202401"]).to_csv(older.path, index=False)
    pd.read_csv(newer.path)[[*columns[:5], "202402"]].to_csv(newer.path, index=False)
    with pytest.raises(InputError, match="202312, 202401"):
        join_editions(pair, CODES, read_crime_vocabulary())


@pytest.mark.integration
def test_a_month_that_is_only_a_stub_is_said_to_be_one(pair: tuple[Edition, Edition]) -> None:
    older, newer = pair
    columns = list(pd.read_csv(newer.path).columns)
    pd.read_csv(older.path)[[*columns[:5], "202301", "202302"]].to_csv(older.path, index=False)
    pd.read_csv(newer.path).assign(**{"202303": 0}).to_csv(newer.path, index=False)
    with pytest.raises(InputError, match=r"newer.csv holds a stub of it.*column 202303"):
        join_editions(pair, CODES, read_crime_vocabulary())


@pytest.mark.unit
@pytest.mark.parametrize("series", ["ward", "borough"])
def test_months_that_one_series_lacks_are_set_aside_or_refused(tmp_path: Path, series: str) -> None:
    """A force of one ward, 2024-01 to 2024-06; the files of the other series end 0, 2 or 3 months earlier."""
    areas = pd.DataFrame({"ward_code": ["E05000001"], "borough_code": ["E09000001"], "borough_name": ["Westham"]})
    type_ = {"majortext": "ROBBERY", "minortext": "ROBBERY OF PERSONAL PROPERTY"}
    months = [f"20240{month}" for month in range(1, 7)]
    tables = {
        "ward": pd.DataFrame([{**type_, "wardcode": "E05000001", **dict.fromkeys(months, 30)}]),
        "borough": pd.DataFrame([{**type_, "boroughname": "Westham", **dict.fromkeys(months, 30)}]),
    }
    editions = {name: [Edition(name, tmp_path / f"{name}.csv")] for name in tables}

    def read(missing: int) -> OffenceHistory:
        for name, table in tables.items():
            kept = table if name == series else table.drop(columns=months[len(months) - missing :])
            kept.to_csv(editions[name][0].path, index=False)
        return read_offence_history(editions["ward"], editions["borough"], areas, read_crime_vocabulary(), LONDON, {})

    assert read(0).quarantine.empty
    history = read(2)
    assert history.offences["month"].max() == history.borough_offences["month"].max() == pd.Timestamp("2024-04")
    assert history.quarantine[["file", "row", "count"]].to_numpy().tolist() == [
        [f"{series}.csv", "month 2024-05", 30],
        [f"{series}.csv", "month 2024-06", 30],
    ]
    with pytest.raises(InputError, match=rf"{series} files hold 3 months.*from 2024-04 to 2024-06.*column 202404"):
        read(3)


@pytest.mark.integration
def test_totals_alone_make_no_history(london: Path, areas: pd.DataFrame) -> None:
    codes = {area_key(code): code for code in areas["ward_code"]}
    with pytest.raises(InputError, match="crime types"):
        join_editions(editions(london, WARD_EDITIONS[1:3]), codes, read_crime_vocabulary())


@pytest.mark.integration
def test_an_unknown_borough_is_named(london: Path, areas: pd.DataFrame) -> None:
    wards, boroughs = editions(london, WARD_EDITIONS[-2:]), editions(london, BOROUGH_EDITIONS[:1])
    with pytest.raises(InputError, match=re.compile("London Heathrow", re.IGNORECASE)):
        read_offence_history(wards, boroughs, areas, read_crime_vocabulary(), LONDON, {})


@pytest.mark.unit
def test_unlocated_offences_of_a_small_force() -> None:
    """Two boroughs of one ward each; by borough in May only; wards of May revised upwards in one cell."""
    april, may = pd.Timestamp("2024-04-01"), pd.Timestamp("2024-05-01")
    areas = pd.DataFrame({"ward_code": ["W1", "W2"], "borough_code": ["B1", "B2"]})
    offences = pd.DataFrame(
        [
            ["W1", "ARSON", april, 90],
            ["W1", "ARSON", may, 90],
            ["W2", "ARSON", april, 50],
            ["W2", "RAPE", may, 6],
        ],
        columns=["ward_code", "crime_type", "month", "count"],
    )
    borough_offences = pd.DataFrame(
        [
            ["B1", "ARSON", april, 90],
            ["B2", "ARSON", april, 50],
            ["F", "ARSON", april, 8],
            ["B1", "ARSON", may, 97],
            ["B2", "RAPE", may, 4],
        ],
        columns=["borough_code", "crime_type", "month", "count"],
    )
    totals = offences.groupby("month")["count"].sum().to_frame("wards")
    table, faults = unlocated(borough_offences, offences, totals, areas, "F")
    counts = table.set_index(["area_code", "crime_type", "month"])["count"]
    assert counts[counts > 0].to_dict() == {("F", "ARSON", april): 8, ("B1", "ARSON", may): 7}
    assert set(zip(table["area_code"], table["month"], strict=True)) == {
        ("F", april),
        ("F", may),
        ("B1", may),
        ("B2", may),
    }
    assert [(place, count) for place, _, count in faults] == [("1 cells", 2)]
