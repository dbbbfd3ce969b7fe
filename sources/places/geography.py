"""Wards, boroughs and Basic Command Units: which lies in which, where they are, and what they are made of.

Walks in: the ward lookup, boundary files, weights of small areas (LSOAs) in wards. Walks out: the `areas`
table, polygons by code, and totals of LSOAs brought to wards.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_polygons, read_table, refuse_repeats
from sources.tables.contracts import AREAS, checked

if TYPE_CHECKING:
    from sources.tables.force_tables import Force

# The City of London has a police force of its own; files of London name it and its 25 wards all the same.
CITY_OF_LONDON = frozenset({"E09000001", *(f"E0500{ward}" for ward in range(9288, 9313))})
SUMS_OF_BOROUGHS = frozenset({"E12000007", "E13000001", "E13000002"})

_WEIGHTS_MAY_MISS = 0.01  # the GLA's weights of an LSOA sum to one within 0.7 %

ONS_CODE = r"[A-Z]\d{8}$"
MOSTLY = 0.5  # share of codes of the ONS's form beyond which others are taken for mistakes


def read_areas(path: Path, force: Force) -> pd.DataFrame:
    """Return the wards of a force with the borough and command unit each lies in, contract `AREAS`.

    A force may choose LSOAs in place of wards: a file named lsoa*, with lsoa21cd and lsoa_name for ward22cd and
    ward_name. Units have no official codes: theirs are made of their names, "BCU-CENTRAL-EAST" of "Central East". Where
    the column of units is empty throughout, the whole force is one.

    Raises
    ------
    InputError
        If a code is missing, malformed or given to two kinds of areas, a name is missing, a ward stands in two rows, a
        borough has two names or lies in two units, or two units' names make one code.
    """
    columns = {"ward22cd": "ward_code", "ward_name": "ward_name"}
    if path.name.startswith("lsoa"):
        columns = {"lsoa21cd": "ward_code", "lsoa_name": "ward_name"}
    columns |= {"lad22cd": "borough_code", "borough": "borough_name", "bcu": "bcu_name"}
    table = read_table(path, list(columns)).rename(columns=columns)
    if (table["bcu_name"] == "").all():
        table = table.assign(bcu_name=force.name)  # a force without command units is one unit
    table = table.assign(bcu_code=table["bcu_name"].map(_unit_code), force_code=force.code, force_name=force.name)
    _refuse_two(table, "ward_code", "borough_code", "A ward lies in two boroughs", path)
    refuse_repeats(table, ["ward_code"], path)
    for column in ("ward_code", "borough_code"):
        _refuse_odd_codes(table, column, path)
    areas = checked(AREAS, table, path)
    _refuse_one_code_for_two(areas, path)
    _refuse_two(table, "borough_code", "bcu_code", "A borough lies in two command units", path)
    _refuse_two(table, "borough_code", "borough_name", "A borough has two names", path)
    _refuse_two(table, "bcu_code", "bcu_name", "Two command units have nearly the same name", path)
    return areas.reset_index(drop=True)


def is_lsoa(codes: pd.Series) -> pd.Series:
    """Return which codes are of LSOAs, going by the kind of area that the ONS puts into a code's first three signs."""
    return codes.str.match(r"[EW]01\d{6}$")


def read_ward_boundaries(path: Path, areas: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the polygons of the force's wards: code, geometry (WGS84), in the order of `areas`.

    Wards outside the force are left out; `wards_without_boundary` names wards of the force without one.

    Raises
    ------
    InputError
        As `read_polygons`; if no property is named like WD24CD or LSOA21CD, a code repeats, or no ward is of the force.
    """
    polygons = _coded(path, "(WD|LSOA)")
    of_force = polygons[polygons["code"].isin(areas["ward_code"])]
    if of_force.empty:
        raise InputError(
            "The file holds no ward of the force",
            file=path,
            value=polygons["code"].iloc[0],
            remedy="Supply boundaries of the same vintage as the ward lookup.",
        )
    order = pd.Series(range(len(areas)), index=areas["ward_code"])
    return of_force.sort_values("code", key=lambda codes: codes.map(order)).reset_index(drop=True)


def wards_without_boundary(boundaries: gpd.GeoDataFrame, areas: pd.DataFrame) -> list[str]:
    """Return the codes of wards that no polygon shows, in the order of `areas`."""
    return areas.loc[~areas["ward_code"].isin(boundaries["code"]), "ward_code"].tolist()


def read_borough_boundaries(path: Path) -> gpd.GeoDataFrame:
    """Return the polygons of boroughs: code, geometry (WGS84).

    All are kept, the City of London too: a map of London without it would have a hole in the middle.

    Raises
    ------
    InputError
        As `read_polygons`; if no property is named like LAD24CD, or a code repeats.
    """
    return _coded(path, "LAD")


def rows_of_force(table: pd.DataFrame, column: str, codes: pd.Series, file: Path) -> pd.DataFrame:
    """Return the rows whose area is in `codes`, leaving out the City of London and sums of boroughs.

    They are left out only where `codes` has them not, so the City of London can be a force of its own.

    Raises
    ------
    InputError
        At the first row of any other area: a total that silently lost it would be too low.
    """
    table = table[~table[column].isin((CITY_OF_LONDON | SUMS_OF_BOROUGHS) - set(codes))]
    unknown = table[~table[column].isin(codes)]
    if not unknown.empty:
        names = [str(name) for name in unknown[column].unique()]  # Parquet may hold numbers, or nothing
        raise InputError(
            f"Not in the ward lookup: {', '.join(names[:5])}{f' and {len(names) - 5} more' if names[5:] else ''}",
            file=file,
            row=int(unknown.index[0]),
            column=column,
            value=names[0],
            remedy="Correct the code, or supply a file of the same vintage of areas as the lookup.",
        )
    return table


def read_lsoa_weights(path: Path, areas: pd.DataFrame, *, year: int | None = None) -> pd.DataFrame:
    """Return which share of each LSOA's residents lives in which ward: lsoa_code, ward_code, weight.

    `year` picks one year from a file that has a column of that name. Wards of the City of London stay.

    Raises
    ------
    InputError
        If a weight is no number of at least zero, a pair repeats, a ward is unknown, or an LSOA's weights do
        not sum to one within 1 %.
    """
    table = read_table(path, ["ward22cd", "weight", *(["year"] if year else [])])
    lsoa_column = _named_like(r"lsoa\d\dcd", table, path)
    table = table.rename(columns={lsoa_column: "lsoa_code", "ward22cd": "ward_code"})
    if year:
        table = table[numbers(table, ["year"], path, whole=True)["year"] == year]
    weights = table[["lsoa_code", "ward_code"]].assign(weight=numbers(table, ["weight"], path)["weight"])
    refuse_repeats(weights, ["lsoa_code", "ward_code"], path)
    rows_of_force(weights, "ward_code", areas["ward_code"], path)  # only to refuse unknown wards
    sums = weights.groupby("lsoa_code")["weight"].sum()
    wrong = sums[(sums - 1).abs() > _WEIGHTS_MAY_MISS]
    if weights.empty or not wrong.empty:
        raise InputError(
            f"The weights of {len(wrong)} LSOAs do not sum to one" if len(sums) else f"No weights for {year}",
            file=path,
            column="weight",
            value=f"{wrong.index[0]}: {wrong.iloc[0]:.3f}" if len(wrong) else None,
            remedy="Obtain the weights again, whole.",
        )
    return weights.reset_index(drop=True)


def lsoas_to_wards(values: pd.DataFrame, weights: pd.DataFrame, areas: pd.DataFrame, file: Path) -> pd.DataFrame:
    """Return sums of LSOA values x weight by ward of the force: index ward_code, columns as `values`.

    `values` is indexed by LSOA code, `weights` is from `read_lsoa_weights`, `file` is where `values` is from.

    Raises
    ------
    InputError
        If an LSOA has values and no weights, or weights and no values.
    """
    unmatched = values.index.symmetric_difference(pd.Index(weights["lsoa_code"].unique()))
    if len(unmatched):
        raise InputError(
            f"{len(unmatched)} LSOAs are in the values or in the weights but not in both",
            file=file,
            value=unmatched[0],
            remedy="Supply values and weights of the same vintage of LSOAs.",
        )
    spread = values.reindex(weights["lsoa_code"]).mul(weights["weight"].to_numpy(), axis="index")
    by_ward = spread.groupby(weights["ward_code"].to_numpy()).sum()
    return by_ward[by_ward.index.isin(areas["ward_code"])].rename_axis(index="ward_code")


def _unit_code(name: str) -> str:
    return "BCU-" + re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")


def _refuse_one_code_for_two(areas: pd.DataFrame, path: Path) -> None:
    """Refuse a code that stands for areas of two kinds, but for LSOAs and wards that are one whole borough's.

    Wherever areas of several levels stand in one table, a code must say which is meant.
    """
    wards, boroughs, force = areas["ward_code"], areas["borough_code"], areas["force_code"].iloc[0]
    both = areas.index[wards.isin(boroughs) | (wards == force) | (boroughs == force)]
    if len(both):
        row = areas.loc[both[0]]
        raise InputError(
            "A code stands for areas of two kinds; the force, its boroughs and its wards need codes of their own",
            file=path,
            row=int(both[0]),
            value=", ".join(map(str, (row["ward_code"], row["borough_code"], force))),
            remedy="Give boroughs, wards and the force (in force.toml) codes that differ, as W-12, B-3 and F-1.",
        )


def _refuse_odd_codes(table: pd.DataFrame, column: str, file: Path) -> None:
    """Refuse a code of another form where most are the ONS's: it was cut or mistyped. Other codes may have any form."""
    official = table[column].str.match(ONS_CODE) | (table[column] == "")
    if official.mean() > MOSTLY and not official.all():
        odd = table.index[~official][0]
        raise InputError(
            "A code is not of the form that most here have: a letter and eight digits",
            file=file,
            row=int(odd),
            column=column,
            value=table.loc[odd, column],
            remedy="Give the whole code.",
        )


def _refuse_two(table: pd.DataFrame, one: str, many: str, problem: str, file: Path) -> None:
    pairs = table[[one, many]].drop_duplicates()
    second = pairs[pairs[one].duplicated()]
    if not second.empty:
        others = sorted(pairs.loc[pairs[one] == second[one].iloc[0], many])
        raise InputError(
            f"{problem}: {' and '.join(others)}",
            file=file,
            row=int(second.index[0]),
            column=many,
            value=second[one].iloc[0],
            remedy="Correct one of the rows.",
        )


def _named_like(pattern: str, table: pd.DataFrame, file: Path) -> str:
    # Publishers put the year of the vintage into the name of a code's column.
    found = [column for column in table.columns if re.fullmatch(pattern, column)]
    if len(found) != 1:
        raise InputError(
            f"One column named like {pattern} is needed; there are {', '.join(map(str, table.columns[:12]))}",
            file=file,
            remedy="Obtain the file in the form that docs/data.md describes.",
        )
    return found[0]


def _coded(path: Path, kind: str) -> gpd.GeoDataFrame:
    polygons = read_polygons(path)
    code_property = _named_like(rf"{kind}\d\dCD", polygons, path)
    polygons = polygons[[code_property, "geometry"]].rename(columns={code_property: "code"})
    repeated = polygons.loc[polygons["code"].duplicated(), "code"]
    if len(repeated):
        raise InputError(
            "Two features have the same code",
            file=path,
            row=f"feature {repeated.index[0] + 1}",
            value=repeated.iloc[0],
            remedy="Keep one of them, or join them to one.",
        )
    return polygons
