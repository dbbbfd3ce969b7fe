"""Scores of a small force of known truth, worked out a second time with plain tables; and what is refused."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import scoringrules

from models.forecast.vocabulary import QUANTILES
from models.scoring import forecast_cells
from models.scoring.scores import METRICS, score, score_summary
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

ORIGIN = pd.Timestamp("2020-12-01")
MONTHS = pd.date_range("2018-01-01", "2021-12-01", freq="MS", unit="us")
AHEAD = MONTHS[MONTHS > ORIGIN]
WARDS = [f"E0500000{number}" for number in range(1, 7)]
AREAS = pd.DataFrame(
    {
        "ward_code": WARDS,
        "ward_name": "Ward",
        "borough_code": ["E09000001", "E09000002", "E09000001", "E09000002", "E09000003", "E09000003"],
        "borough_name": "Borough",
        "bcu_code": ["EAST", "WEST", "EAST", "WEST", "WEST", "WEST"],
        "bcu_name": "Unit",
        "force_code": "E23000001",
        "force_name": "Force",
    }
)
CRIME_TYPES = pd.DataFrame(
    {
        "crime_type": ["ARSON", "RAPE", "DAMAGE", "WEAPONS"],
        "major_type": ["ARSON AND DAMAGE", "SEXUAL", "ARSON AND DAMAGE", "WEAPONS"],
        "neighbourhood_crime": False,
        "finest_open_level": "ward",
    }
)
RATES = np.array([0.4, 1.5, 8.0, 40.0])
DRAWS = 150


def long(values: np.ndarray, months: pd.DatetimeIndex, name: str) -> pd.DataFrame:
    """Return a table of values by (ward, crime_type, month)."""
    index = pd.MultiIndex.from_product(
        [WARDS, CRIME_TYPES["crime_type"], months], names=["ward_code", "crime_type", "month"]
    )
    return pd.DataFrame({name: list(values.reshape(len(index), -1).squeeze())}, index=index).reset_index()


def with_levels(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return sums of a table by ward and minor type at every level and period, by pandas alone."""
    table = table.merge(AREAS).merge(CRIME_TYPES).assign(all="all", minor=table["crime_type"])
    parts = []
    for area_level in ("ward", "borough", "bcu", "force"):
        for crime_level, column in (("minor", "minor"), ("major", "major_type"), ("all", "all")):
            for period in ("month", "year"):
                month = table["month"] if period == "month" else table["month"].dt.to_period("Y").dt.start_time
                keys = {"area_code": table[f"{area_level}_code"], "crime_type": table[column], "month": month}
                sums = table[[value]].groupby([keys[key].rename(key) for key in keys])[value].sum()
                parts.append(sums.reset_index().assign(area_level=area_level, crime_level=crime_level, period=period))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    """Offences by (ward, crime_type, month, draw): the first draw happened, the others might have."""
    generator = np.random.default_rng(5)
    shape = (len(WARDS), len(CRIME_TYPES), len(MONTHS), DRAWS + 1)
    return generator.poisson(RATES[:, None, None] * generator.gamma(8, 1 / 8, shape))


@pytest.fixture(scope="module")
def offences(counts: np.ndarray) -> pd.DataFrame:
    table = long(counts[..., 0], MONTHS, "count")
    return table[table["count"] > 0].reset_index(drop=True)


@pytest.fixture(scope="module")
def everything(counts: np.ndarray) -> pd.DataFrame:
    """Offences at every level, by pandas alone."""
    return with_levels(long(counts[..., 0], MONTHS, "count"), "count")


@pytest.fixture(scope="module")
def drawn(counts: np.ndarray) -> pd.DataFrame:
    return long(counts[:, :, -len(AHEAD) :, 1:], AHEAD, "draws")


@pytest.fixture(scope="module")
def forecast(drawn: pd.DataFrame) -> pd.DataFrame:
    """The forecast table of the draws, at every level, sums and quantiles by pandas and NumPy."""
    table = with_levels(drawn, "draws")
    draws = np.stack(table.pop("draws"))
    table["mean"] = draws.mean(axis=1)
    for name, quantile in QUANTILES.items():
        table[name] = np.quantile(draws, quantile, axis=1, method="inverted_cdf")
    table["drawn"] = list(draws)
    return table.assign(origin=ORIGIN, scenario="central", age_group="all", age_basis="", area_name="")


@pytest.fixture(scope="module")
def dataset(drawn: pd.DataFrame) -> ds.Dataset:
    return as_dataset(drawn)


def as_dataset(drawn: pd.DataFrame) -> ds.Dataset:
    draws = pa.array(drawn["draws"], pa.list_(pa.uint16(), DRAWS))
    table = pa.table(
        {
            "origin": pa.array([ORIGIN] * len(drawn), pa.timestamp("us")),
            "ward_code": pa.array(drawn["ward_code"]),
            "crime_type": pa.array(drawn["crime_type"]),
            "month": pa.array(drawn["month"], pa.timestamp("us")),
            "draws": draws,
        }
    )
    return ds.dataset(table)


@pytest.fixture(scope="module")
def scores(forecast: pd.DataFrame, offences: pd.DataFrame, dataset: ds.Dataset) -> pd.DataFrame:
    return score(forecast, offences, AREAS, CRIME_TYPES, draws=dataset)


def only(scores: pd.DataFrame, **labels: str) -> pd.Series:
    """Return the one row of these labels."""
    chosen = scores
    for column, value in labels.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


@pytest.mark.parametrize("period", ["month", "year"])
@pytest.mark.parametrize("crime_level", ["minor", "major", "all"])
@pytest.mark.parametrize("area_level", ["ward", "borough", "bcu", "force"])
def test_scores_of_a_level_are_those_worked_out_by_pandas(
    scores, forecast, everything, area_level, crime_level, period
):
    row = only(scores, area_level=area_level, crime_level=crime_level, period=period, group="overall")
    cells = forecast.merge(everything)
    chosen = cells["area_level"].eq(area_level) & cells["crime_level"].eq(crime_level)
    cells = cells[chosen & cells["period"].eq(period)]
    year_before = everything.assign(month=everything["month"] + pd.DateOffset(years=1))
    naive = cells.drop(columns="count").merge(year_before, how="left")["count"].to_numpy()
    actual, total = cells["count"].to_numpy(), cells["count"].sum()
    quantile_losses = [
        2 * scoringrules.quantile_score(actual, cells[name].to_numpy(), level) for name, level in QUANTILES.items()
    ]
    crps = scoringrules.crps_ensemble(actual, np.stack(cells["drawn"]), estimator="nrg")
    assert row["cells"] == len(cells)
    assert row["cells_without_actuals"] == 0
    assert row["offences"] == total
    assert row["wape"] == pytest.approx((actual - cells["mean"]).abs().sum() / total)
    assert row["wape_median"] == pytest.approx((actual - cells["q50"]).abs().sum() / total)
    assert row["bias"] == pytest.approx(cells["mean"].sum() / total - 1)
    assert row["naive_wape"] == pytest.approx(np.abs(actual - naive).sum() / total)
    assert row["wis"] == pytest.approx(np.mean(quantile_losses, axis=0).sum() / total)
    assert row["crps"] == pytest.approx(crps.sum() / total)
    assert row["coverage_80_inclusive"] == cells["count"].between(cells["q10"], cells["q90"]).mean()
    assert row["coverage_90_strict"] == (cells["count"].between(cells["q05"], cells["q95"], inclusive="neither").mean())


def test_a_forecast_that_is_the_truth_covers_nominally_and_is_near_the_floor(scores):
    row = only(scores, area_level="ward", crime_level="minor", period="month", group="overall")
    for share in (50, 80, 90, 95):
        randomised = row[f"coverage_{share}_randomised"]
        assert randomised == pytest.approx(share / 100, abs=0.06)
        assert row[f"coverage_{share}_strict"] < randomised < row[f"coverage_{share}_inclusive"]
    assert row["floor"] < row["wape"] < row["naive_wape"]


def test_groups_part_the_cells_and_their_losses(scores):
    level = scores[
        (scores["area_level"] == "borough") & (scores["crime_level"] == "minor") & (scores["period"] == "month")
    ]
    whole = only(level, group="overall")
    for group in ("crime_type", "volume_band", "horizon"):
        parts = level[level["group"] == group]
        assert parts["cells"].sum() == whole["cells"]
        for metric in ("wape", "wis", "crps", "floor", "bias", "naive_wape"):
            assert (parts[metric] * parts["offences"]).sum() / parts["offences"].sum() == pytest.approx(whole[metric])


def test_rmsse_weighs_series_by_their_volume_before_the_origin(forecast, counts, offences):
    row = only(
        score(forecast, offences, AREAS, CRIME_TYPES),
        area_level="force",
        crime_level="minor",
        period="month",
        group="overall",
    )
    force = counts[..., 0].sum(axis=0)
    history, actual = force[:, :-12], force[:, -12:]
    scale = ((history[:, 12:] - history[:, :-12]) ** 2).mean(axis=1)
    naive = np.sqrt(((actual - history[:, -12:]) ** 2).mean(axis=1) / scale)
    assert row["naive_rmsse"] == pytest.approx(np.average(naive, weights=history[:, -12:].mean(axis=1)))


def test_without_draws_only_crps_and_randomised_coverage_are_missing(forecast, offences, scores):
    bare = score(forecast, offences, AREAS, CRIME_TYPES)
    needs_draws = [name for name in METRICS if name == "crps" or name.endswith("randomised")]
    assert bare[needs_draws].isna().all(axis=None)
    pd.testing.assert_frame_equal(bare.drop(columns=needs_draws), scores.drop(columns=needs_draws))


def test_order_of_rows_text_types_and_rows_of_age_groups_change_nothing(forecast, offences, scores, dataset):
    columns = ["period", "area_level", "crime_level", "area_code", "crime_type"]
    shuffled = forecast.sample(frac=1, random_state=0).astype(dict.fromkeys(columns, "category"))
    with_ages = pd.concat([shuffled, forecast.assign(age_group="10-17", mean=-1.0)])
    again = score(with_ages, offences, AREAS, CRIME_TYPES, draws=dataset)
    pd.testing.assert_frame_equal(again, scores)


def test_wards_of_the_areas_table_may_stand_in_any_order(forecast, offences, scores, dataset):
    again = score(forecast, offences, AREAS.iloc[::-1], CRIME_TYPES, draws=dataset)
    pd.testing.assert_frame_equal(again, scores)


def test_draws_are_read_from_parquet_too(forecast, offences, scores, drawn, tmp_path):
    file = tmp_path / "draws.parquet"
    pq.write_table(as_dataset(drawn.sample(frac=1, random_state=0)).to_table(), file, row_group_size=50)
    again = score(forecast, offences, AREAS, CRIME_TYPES, draws=ds.dataset(file))
    pd.testing.assert_frame_equal(again, scores)


def test_months_not_yet_over_are_left_out_and_counted(forecast, offences, scores, dataset):
    early = offences[offences["month"] <= "2021-03-01"]
    partly = score(forecast, early, AREAS, CRIME_TYPES, draws=dataset)
    assert set(partly["period"]) == {"month"}
    level = {"area_level": "ward", "crime_level": "minor", "period": "month"}
    row = only(partly, **level, group="overall")
    assert (row["cells"], row["cells_without_actuals"]) == (6 * 4 * 3, 6 * 4 * 9)
    first, again = (only(table, **level, group="horizon", group_value="3") for table in (scores, partly))
    same = ["wape", "wis", "crps", "rmsse", "naive_wape", "coverage_80_randomised"]
    pd.testing.assert_series_equal(first[same], again[same], check_names=False)


def test_a_forecast_without_actuals_gives_empty_tables(forecast, offences, dataset):
    scores = score(forecast, offences[offences["month"] <= ORIGIN], AREAS, CRIME_TYPES, draws=dataset)
    assert scores.empty
    assert list(scores.columns[-len(METRICS) :]) == list(METRICS)
    assert score_summary(scores).empty


def test_volume_bands_and_scales_do_not_look_past_the_origin(forecast, offences, scores):
    doubled = offences.assign(count=offences["count"].where(offences["month"] <= ORIGIN, offences["count"] * 9))
    again = score(forecast, doubled, AREAS, CRIME_TYPES)
    bands, later = (table[table["group"] == "volume_band"] for table in (scores, again))
    assert bands["group_value"].tolist() == later["group_value"].tolist()
    assert bands["cells"].tolist() == later["cells"].tolist()


def test_seasonal_naive_repeats_the_last_year_past_twelve_months(offences, counts):
    origin = pd.Timestamp("2019-12-01")
    force = long(counts[..., 0], MONTHS, "count").groupby(["crime_type", "month"])["count"].sum().unstack()
    ahead = MONTHS[origin < MONTHS]
    table = pd.MultiIndex.from_product([force.index, ahead], names=["crime_type", "month"]).to_frame(index=False)
    table = table.assign(
        origin=origin,
        scenario="central",
        area_level="force",
        area_code="E23000001",
        crime_level="minor",
        age_group="all",
        period="month",
        **dict.fromkeys(["mean", *QUANTILES], 1.0),
    )
    scores = score(table, offences, AREAS, CRIME_TYPES)
    actual = force[ahead].to_numpy()
    naive = np.tile(force[MONTHS[12:24]].to_numpy(), 2)
    assert only(scores, group="overall")["naive_wape"] == pytest.approx(np.abs(actual - naive).sum() / actual.sum())
    assert set(scores.loc[scores["group"] == "horizon", "group_value"]) == {str(step) for step in range(1, 25)}


def unlocated_of(published: dict[str, pd.DatetimeIndex]) -> pd.DataFrame:
    """Return three offences of each crime type in every month in which an area is published."""
    parts = [
        pd.MultiIndex.from_product(
            [[area], CRIME_TYPES["crime_type"], months], names=["area_code", "crime_type", "month"]
        )
        for area, months in published.items()
    ]
    return pd.concat([part.to_frame(index=False) for part in parts], ignore_index=True).assign(count=3)


def scored_with_unlocated(forecast, offences, published):
    template = forecast[(forecast["area_level"] == "force") & (forecast["crime_level"] == "minor")]
    extra = [template.assign(area_level="unlocated", area_code=code, mean=3.3) for code in published]
    unlocated = unlocated_of(published)
    return score(pd.concat([forecast, *extra]), offences, AREAS, CRIME_TYPES, unlocated_offences=unlocated)


def test_unlocated_offences_are_scored_apart_where_they_were_published(forecast, offences, scores):
    found = scored_with_unlocated(forecast, offences, {"E23000001": MONTHS, "E09000001": MONTHS[:-1]})
    apart = found["area_level"] == "unlocated"
    assert not apart.any(), "the force's last month holds what the borough does not"
    found = scored_with_unlocated(forecast, offences, {"E23000001": MONTHS[:-1], "E09000001": MONTHS})
    apart = found["area_level"] == "unlocated"
    row = only(found[apart], period="month", group="overall")
    assert (row["cells"], row["cells_without_actuals"], row["offences"]) == (48, 48, 144)
    assert row["wape"] == pytest.approx(0.1)
    assert row["naive_wape"] == 0
    located = ["wape", "wis", "bias", "floor", "cells"]
    pd.testing.assert_frame_equal(found.loc[~apart, located].reset_index(drop=True), scores[located])


@pytest.mark.parametrize("first", [AHEAD[3], ORIGIN, ORIGIN - pd.DateOffset(months=6)])
def test_a_force_that_begins_to_tell_boroughs_apart_is_not_scored_across_the_change(forecast, offences, first):
    published = {"E23000001": MONTHS, "E09000001": MONTHS, "E09000002": MONTHS[first <= MONTHS]}
    found = scored_with_unlocated(forecast, offences, published)
    row = only(found[found["area_level"] == "unlocated"], period="month", group="overall")
    # Only the first borough means the same throughout.
    assert (row["cells"], row["cells_without_actuals"]) == (48, 96)


def test_a_change_long_before_the_origin_does_no_harm(forecast, offences):
    published = {"E23000001": MONTHS, "E09000002": MONTHS[pd.Timestamp("2020-01-01") <= MONTHS]}
    found = scored_with_unlocated(forecast, offences, published)
    row = only(found[found["area_level"] == "unlocated"], period="month", group="overall")
    assert (row["cells"], row["cells_without_actuals"]) == (96, 0)


def test_the_summary_is_the_mean_over_origins(forecast, offences, counts):
    earlier = forecast.assign(
        origin=ORIGIN - pd.DateOffset(months=12), month=forecast["month"] - pd.DateOffset(months=12)
    )
    scores = score(pd.concat([forecast, earlier]), offences, AREAS, CRIME_TYPES)
    summary = score_summary(scores)
    levels = summary["area_level"] + " " + summary["crime_level"]
    assert levels.tolist()[:4] == ["ward minor", "ward major", "ward all", "borough minor"]
    both = scores[
        (scores["group"] == "overall")
        & (scores["area_level"] == "bcu")
        & (scores["crime_level"] == "major")
        & (scores["period"] == "month")
    ]
    row = only(summary, area_level="bcu", crime_level="major")
    assert row["origins"] == len(both) == 2
    assert row["wis"] == pytest.approx(both["wis"].mean())
    assert len(score_summary(scores, "year")) == 12


def changed(table: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    """Return the table with another value in its eleventh row."""
    table = table.copy()
    table[column] = table[column].astype(object) if isinstance(value, str) else table[column].astype(float)
    table.loc[table.index[10], column] = value
    return table


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda table: table.drop(index=10),
            ["lacks ward x minor cells: 1", "E05000001 ARSON month 2021-11"],
        ),
        (
            lambda table: pd.concat([table, table.iloc[[10]]]),
            ["more than once", "E05000001 ARSON month 2021-11"],
        ),
        (lambda table: changed(table, "mean", -1.0), ["mean is below zero", "row 10", "ARSON month 2021-11"]),
        (lambda table: changed(table, "q10", np.nan), ["q10 is missing", "row 10", "column q10"]),
        (lambda table: changed(table, "q95", np.inf), ["q95 is missing or infinite"]),
        (lambda table: changed(table, "q50", 99.0), ["Quantiles cross: q75", "column q75", "2021-11"]),
        (lambda table: changed(table, "area_code", "E05999999"), ["no ward of this force", "E05999999"]),
        (lambda table: changed(table, "crime_type", "FRAUD"), ["not one of the level minor", "FRAUD"]),
        (lambda table: changed(table, "area_level", "street"), ["area_level is none of ward", "street"]),
        (lambda table: changed(table, "scenario", "high"), ["2 scenarios", "central, high"]),
        (
            lambda table: table.assign(month=table["month"] + pd.Timedelta(days=3)),
            ["first day", "2021-01-04"],
        ),
        (lambda table: table.assign(month="soon"), ["does not hold dates", "column month"]),
        (lambda table: table.assign(origin=table["month"]), ["is not after the origin"]),
        (lambda table: table.drop(columns="q25"), ["lacks a column", "q25"]),
        (lambda table: table.assign(mean="few"), ["not numbers", "column mean"]),
        (lambda table: table.assign(age_group="10-17"), ["no rows for all ages"]),
        (lambda table: table[table["month"] != "2021-05-01"], ["lacks", "2021-05"]),
    ],
)
def test_a_table_that_is_no_whole_forecast_is_refused_and_the_cell_named(forecast, offences, spoil, words):
    with pytest.raises(InputError) as refusal:
        score(spoil(forecast), offences, AREAS, CRIME_TYPES)
    for word in words:
        assert word in str(refusal.value)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda drawn: drawn.drop(index=7), ["1 cells not at all", "E05000001 ARSON 2021-08"]),
        (lambda drawn: pd.concat([drawn, drawn.iloc[[7]]]), ["1 more than once", "E05000001 ARSON 2021-08"]),
        (lambda drawn: drawn[drawn["crime_type"] != "RAPE"], ["72 cells not at all", "RAPE"]),
        (lambda drawn: drawn.replace({"ward_code": {WARDS[2]: "E05999999"}}), ["does not have", "E05999999"]),
    ],
)
def test_draws_that_are_not_whole_are_refused(forecast, offences, drawn, spoil, words):
    with pytest.raises(InputError) as refusal:
        score(forecast, offences, AREAS, CRIME_TYPES, draws=as_dataset(spoil(drawn)))
    for word in words:
        assert word in str(refusal.value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lists: [one[:-1] if place == 3 else one for place, one in enumerate(lists)],
        lambda lists: [one[:-1] if place >= 48 else one for place, one in enumerate(lists)],
        lambda lists: [[number / 2 for number in one] for one in lists],
        lambda lists: [None if place == 3 else one for place, one in enumerate(lists)],
    ],
)
def test_draws_that_are_not_equally_many_whole_numbers_are_refused(forecast, offences, dataset, spoil):
    table = dataset.to_table()
    order = table["crime_type"].to_pandas().argsort(kind="stable").to_numpy()
    table = table.take(order)
    spoilt = pa.array(spoil(table["draws"].to_pylist()))
    draws = ds.dataset(table.set_column(4, "draws", spoilt))
    with pytest.raises(InputError, match=r"number of draws|whole numbers"):
        score(forecast, offences, AREAS, CRIME_TYPES, draws=draws)


def test_a_year_of_history_is_needed_for_seasonal_naive(forecast, offences):
    with pytest.raises(InputError, match="less than a year up to origin 2020-12"):
        score(forecast, offences[offences["month"] > "2020-01-01"], AREAS, CRIME_TYPES)


def test_offences_of_another_force_are_refused(forecast, offences):
    with pytest.raises(InputError, match="ward_code") as refusal:
        score(forecast, changed(offences, "ward_code", "E05999999"), AREAS, CRIME_TYPES)
    assert "E05999999" in str(refusal.value)


@pytest.mark.parametrize("form", ["period", "text", "number"])
def test_months_may_be_periods_or_texts_and_no_numbers(form: str) -> None:
    months = pd.Series(pd.to_datetime(["2025-03-01", "2025-04-01"]), name="month")
    if form == "number":
        with pytest.raises(InputError, match="does not hold dates") as caught:
            forecast_cells._months(months.dt.strftime("%Y%m").astype(int).rename("month"))
        assert (caught.value.column, caught.value.value) == ("month", "202503")
        return
    given = months.dt.to_period("M") if form == "period" else months.dt.strftime("%Y-%m-%d")
    assert forecast_cells._months(given).tolist() == months.tolist()
