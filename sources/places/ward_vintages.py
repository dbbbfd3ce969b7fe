"""Wards of 2018 carried over to the wards of 2022, and how well that works where both were published.

Walks in: small areas (LSOAs) with their old and their new ward and their residents; counts by old ward.
Walks out: weights that share each old ward out among new ones, counts by new ward, and a comparison with
the history.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.places.geography import read_lsoa_weights


@dataclass(frozen=True)
class VintageComparison:
    """Counts of old wards beside the history of new ones, in the months they share.

    by_month : dataset, other, month, offences, other_offences, difference (share of other), of the force.
    by_borough : dataset, other, borough_code, offences, other_offences, difference.
    of_wards : one row: dataset, other, wards, correlation (Pearson, of the wards' totals), wape,
        changed_wards, wape_changed_wards. WAPE: sum of absolute differences as a share of the history's
        total.
    """

    by_month: pd.DataFrame
    by_borough: pd.DataFrame
    of_wards: pd.DataFrame


def read_old_ward_weights(
    best_fit_path: Path,
    weights_path: Path,
    residents_path: Path,
    old_wards: Collection[str],
    areas: pd.DataFrame,
    *,
    year: int = 2020,
) -> pd.DataFrame:
    """Return the share of each old ward's residents in each ward: old_ward_code, ward_code, weight (sum one).

    A code found in both vintages is of an unchanged ward, and keeps all of it. Any other old ward is built
    of LSOAs, whole ones, by the ONS best fit of 2017 (in London the wards of 2018 differ from those of 2017
    in Bexley, Croydon, Redbridge and Southwark only, whose 90 wards of 2018 kept their codes in 2022). The
    residents of each LSOA in `year` (columns year, lsoa11cd, total_population) are shared among the new
    wards by the GLA's weights of that year. An old ward that cannot be traced has no weight.

    Raises
    ------
    InputError
        As `sources.places.geography.read_lsoa_weights`; if the files lack an LSOA or the year.
    """
    best_fit = read_table(best_fit_path, ["lsoa11_code", "ward17_code"])
    refuse_repeats(best_fit, ["lsoa11_code"], best_fit_path)
    pieces = read_lsoa_weights(weights_path, areas, year=year)
    residents = _read_residents(residents_path, year)
    lookup = best_fit.set_index("lsoa11_code")["ward17_code"]
    pieces["old_ward_code"] = _of_lsoas(pieces["lsoa_code"], lookup, best_fit_path)
    pieces["weight"] *= _of_lsoas(pieces["lsoa_code"], residents, residents_path)
    kept = sorted(set(old_wards) & set(areas["ward_code"]))
    changed = pieces["old_ward_code"].isin(set(old_wards) - set(kept))
    shared = pieces[changed & pieces["ward_code"].isin(areas["ward_code"]) & (pieces["weight"] > 0)]
    people = shared.groupby(["old_ward_code", "ward_code"])["weight"].sum()
    shares = (people / people.groupby("old_ward_code").transform("sum")).reset_index()
    unchanged = pd.DataFrame({"old_ward_code": kept, "ward_code": kept, "weight": 1.0})
    return pd.concat([unchanged, shares], ignore_index=True)


def carry_over(counts: pd.DataFrame, weights: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return counts by ward from counts by old ward: ward_code, the other columns of `counts`, count (float).

    `counts` has ward_code (an old one), count, and any columns that tell rows apart, such as month and
    crime_type; `file` is where it is from. Totals over wards are kept, for every value of the other columns.

    Raises
    ------
    InputError
        If an old ward has no weights.
    """
    untraced = sorted(set(counts["ward_code"]) - set(weights["old_ward_code"]))
    if untraced:
        raise InputError(
            f"{len(untraced)} old wards cannot be traced to wards of the force",
            file=file,
            column="wardcode",
            value=untraced[0],
            remedy="Correct the code, or supply the lookup of the vintage that has these wards.",
        )
    keys = ["ward_code", *counts.columns.drop(["ward_code", "count"])]
    pieces = counts.rename(columns={"ward_code": "old_ward_code"}).merge(weights, on="old_ward_code")
    pieces["count"] = pieces["count"] * pieces["weight"]
    return pieces.groupby(keys)["count"].sum().reset_index()


def compare_with_history(
    old_counts: pd.DataFrame,
    weights: pd.DataFrame,
    history: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    dataset: str,
    other: str,
) -> VintageComparison:
    """Return how counts by old ward, carried over, compare with the history in the months both have.

    Both tables have ward_code, month, count, and may have crime_type; all types are summed, so both must
    cover the same ones. `dataset` and `other` name the two.

    For London two snapshots of all crime but fraud, 2020-04 to 2022-03 and 2020-09 to 2022-08, were compared
    with the history. Force totals differ by -0.6 % to +0.2 % in a month of the first and -0.9 % to +0.2 % of
    the second (later revisions), boroughs by at most 0.2 % over all months. Of 679 wards 149 are unchanged
    and differ by 0.4 %; the other 530 by 10.2 % and 10.8 % (WAPE of the months' sums), since residents stand
    in for places of crime. The wards' totals correlate by 0.979 and 0.981. Crime recorded by LSOA as weights
    in place of residents would lower the 10.8 % to 6.1 %; areas of overlap would raise it to 14.9 %.

    Raises
    ------
    InputError
        If no month is in both, or an old ward has no weights.
    """
    months = sorted(set(old_counts["month"]) & set(history["month"]))
    if not months:
        raise InputError(
            f"'{dataset}' and '{other}' share no month",
            remedy="Leave the older file out, or supply the months it covers.",
        )
    boroughs = areas.set_index("ward_code")["borough_code"]

    def in_shared_months(counts: pd.DataFrame) -> pd.DataFrame:
        shared = counts[counts["month"].isin(months)]
        return shared.groupby(["ward_code", "month"])["count"].sum().reset_index()

    carried = carry_over(in_shared_months(old_counts), weights, dataset)
    known = in_shared_months(history)
    carried["borough_code"] = carried["ward_code"].map(boroughs)
    known["borough_code"] = known["ward_code"].map(boroughs)
    by_ward = _beside(carried, known, "ward_code")
    changed = by_ward[~by_ward["ward_code"].isin(weights["old_ward_code"])]
    of_wards = pd.DataFrame(
        {
            "wards": [len(by_ward)],
            "correlation": [by_ward["offences"].corr(by_ward["other_offences"])],
            "wape": [_wape(by_ward)],
            "changed_wards": [len(changed)],
            "wape_changed_wards": [_wape(changed)],
        }
    )
    by_month, by_borough = _beside(carried, known, "month"), _beside(carried, known, "borough_code")
    for table in (by_month, by_borough, of_wards):
        table.insert(0, "dataset", dataset)
        table.insert(1, "other", other)
    return VintageComparison(by_month, by_borough, of_wards)


def _beside(carried: pd.DataFrame, known: pd.DataFrame, key: str) -> pd.DataFrame:
    totals = {
        "offences": carried.groupby(key)["count"].sum(),
        "other_offences": known.groupby(key)["count"].sum(),
    }
    table = pd.DataFrame(totals).fillna(0.0).rename_axis(index=key).reset_index()
    return table.assign(difference=table["offences"] / table["other_offences"] - 1)


def _wape(table: pd.DataFrame) -> float:
    error = (table["offences"] - table["other_offences"]).abs().sum()
    offences = table["other_offences"].sum()
    return float(error / offences) if offences else float("nan")


def _of_lsoas(lsoas: pd.Series, values: pd.Series, file: Path) -> pd.Series:
    missing = lsoas[~lsoas.isin(values.index)]
    if not missing.empty:
        raise InputError(
            f"The file lacks {missing.nunique()} LSOAs that have weights",
            file=file,
            value=missing.iloc[0],
            remedy="Obtain the file again, whole, of the same vintage of LSOAs as the weights.",
        )
    return lsoas.map(values)


def _read_residents(path: Path, year: int) -> pd.Series:
    table = read_table(path, ["year", "lsoa11cd", "total_population"])
    years = numbers(table, ["year"], path, whole=True)["year"]
    table = table[years == year]
    if table.empty:
        raise InputError(
            f"The file has no residents of {year}",
            file=path,
            column="year",
            remedy=f"Choose one of its years: {', '.join(str(int(each)) for each in years.unique())}.",
        )
    refuse_repeats(table, ["lsoa11cd"], path)
    return numbers(table, ["total_population"], path)["total_population"].set_axis(table["lsoa11cd"])
