"""Shares of ages forecast at past origins, beside last year's and three years' shares unchanged, force by force.

    nice .venv/bin/python benchmarks/ages_scored.py ../shared/data

Prints the table of docs/ages.md. Judged are convictions by single year of age in Scotland, read as if they were an
extract of eight years at most, from origins 2008 to 2016 (the usual departure and drift were chosen on earlier ones);
extracts drawn from the known truth of simulated forces, plain, and with ages that are heaped and drift; and London's
published ages. Pass `--chosen` for the Scottish origins on which they were chosen.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel, build_panel
from features.population.by_age import residents_by_age
from models.people.age_curves import AGES
from models.scoring.ages.past_shares import past_shares
from models.scoring.ages.share_scores import score_shares, score_sums
from sources.crime.incidents import RECORD_LEVEL_EXTRACT
from sources.files.reading import read_table
from sources.read_force import read_force
from sources.simulated import simulate
from sources.tables.contracts import AGE_EVIDENCE

SCOTLAND = "scotland/convictions_age_crime_1990_2018.parquet"
JUDGED, CHOSEN = range(2008, 2018), range(1993, 2008)
SUMS = {  # which the file holds beside their parts
    "All crimes", "All crimes and offences", "All offences", "Crimes of dishonesty", "Fire-raising, vandalism etc.",
    "Miscellaneous offences", "Motor vehicle offences", "Non-sexual crimes of violence", "Other crimes",
    "Sexual crimes",
}  # fmt: skip
RESIDENTS_OF_AN_AGE = 60_000.0  # of Scotland, about; its residents by age are not among the data
YEARS_OF_TRUTH = 6
HEAPS, HEAPED = np.arange(20, 90, 10), 1.5  # ages that are rounded to, and how many times as many they then have
DRIFT = 0.08  # of the logarithm of the rates of ten ages, in a year


def evidence_of(counts: pd.DataFrame) -> pd.DataFrame:
    """Return `age_evidence` of an extract. counts : basis, crime_type, age, last_month of a year, count."""
    rows = counts[counts["count"] > 0]
    return AGE_EVIDENCE.validate(
        pd.DataFrame(
            {
                "basis": rows["basis"],
                "crime_type": rows["crime_type"],
                "age_low": rows["age"],
                "age_high": rows["age"],
                "first_month": rows["last_month"] - pd.DateOffset(months=11),
                "last_month": rows["last_month"],
                "count": rows["count"],
                "borough_code": "",
                "quality": "measured",
                "source": RECORD_LEVEL_EXTRACT,
                "known_from": rows["last_month"] + pd.offsets.MonthEnd(0),
            }
        ).reset_index(drop=True)
    )


def scotland(file: Path, like: Panel, origins: range) -> pd.DataFrame:
    """Return scores of Scotland's convictions. like : a panel whose crime types and months are replaced."""
    table = read_table(file, ["Age", "Crime Type", "Year", "Convictions"])
    table = table[(table["Age"] != "All") & ~table["Crime Type"].isin(SUMS)]
    counts = pd.DataFrame(
        {
            "basis": "suspect",
            "crime_type": table["Crime Type"].str.upper(),
            "age": table["Age"].str.rstrip("+").astype(int),
            "last_month": pd.to_datetime(table["Year"].astype(str) + "-03-01"),
            "count": table["Convictions"].astype(int),
        }
    )
    panel = _with_types(like, sorted(counts["crime_type"].unique()), pd.date_range("1989-04", "2018-03", freq="MS"))
    panel = replace(panel, age_evidence=evidence_of(counts))
    years = list(range(1989, 2020))
    alike = xr.DataArray(
        np.full((1, len(AGES), len(years)), RESIDENTS_OF_AN_AGE),
        dims=("ward", "age", "year"),
        coords={"ward": panel.offences["ward"].to_numpy(), "age": AGES, "year": years},
    )
    months = [pd.Timestamp(f"{year}-03-01") for year in origins]
    return score_shares(past_shares(panel, months, 1, lambda _: alike), panel.age_evidence)


def _with_types(like: Panel, names: list[str], months: pd.DatetimeIndex) -> Panel:
    types = pd.DataFrame({"crime_type": names, "major_type": names})
    coordinates = {"crime_type": np.array(names, object), "month": months, "major_type": ("crime_type", names)}
    offences = xr.DataArray(
        np.ones((1, len(names), len(months)), np.int32),
        dims=("ward", "crime_type", "month"),
        coords={"ward": like.offences["ward"].to_numpy()[:1], **coordinates},
    )
    unlocated = xr.zeros_like(offences, float).rename(ward="area")
    return replace(like, offences=offences, unlocated=unlocated, areas=like.areas.iloc[:1], crime_types=types)


def simulated(seeds: range, wards: int, *, spoilt: bool) -> Iterator[pd.DataFrame]:
    """Yield scores of each simulated force, whose people of six years are drawn from its true rates by age.

    spoilt : with ages heaped at every tenth and rates that drift, up to ten ages together.
    """
    for seed in seeds:
        with TemporaryDirectory() as folder:
            data = simulate(Path(folder) / "force", wards=wards, months=84, seed=seed)
            panel = build_panel(read_force(data))
            truth = pd.read_parquet(data / "truth" / "age_rates.parquet").astype({"basis": str, "crime_type": str})
            types = pd.read_parquet(data / "truth" / "crime_types.parquet").set_index("crime_type")
        counts = _drawn(panel, truth, types, np.random.default_rng(seed), spoilt=spoilt)
        panel = replace(panel, age_evidence=evidence_of(counts).sort_values("known_from", kind="stable"))
        origins = [panel.last_month - pd.DateOffset(months=12 * back) for back in (1, 2, 3)]
        table = past_shares(panel, origins, 1, lambda known: residents_by_age(known, range(2015, 2027)), seed=seed)
        yield score_shares(table, panel.age_evidence)


def _drawn(
    panel: Panel, truth: pd.DataFrame, types: pd.DataFrame, generator: np.random.Generator, *, spoilt: bool
) -> pd.DataFrame:
    residents = residents_by_age(panel, range(2015, 2027))
    assert residents is not None
    persons = residents.sum("ward").transpose("year", "age")
    rates = truth.set_index(["basis", "crime_type", "age"])["rate"].unstack("age")
    known = np.array([types.loc[name, f"{basis}_age_known"] for basis, name in rates.index])
    heaps = np.where(np.isin(AGES, HEAPS), HEAPED, 1.0) if spoilt else np.ones(len(AGES))
    drift, parts = np.zeros((len(rates), 10)), []
    for back in reversed(range(YEARS_OF_TRUTH)):
        if spoilt:
            drift += generator.normal(0, DRIFT, drift.shape)
        last = panel.last_month - pd.DateOffset(months=12 * back)
        of_year = persons.sel(year=last.year - 1).to_numpy() * heaps * np.exp(drift)[:, np.minimum(AGES // 10, 9)]
        people = generator.poisson(rates.to_numpy() * of_year * known[:, np.newaxis])
        long = pd.DataFrame(people, rates.index, rates.columns).reset_index()
        parts.append(long.melt(["basis", "crime_type"], var_name="age", value_name="count"))
        parts[-1]["last_month"] = last
    return pd.concat(parts, ignore_index=True)


def main() -> None:
    """Print one row a force."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of London's input files")
    parser.add_argument("--seeds", type=int, default=3, help="simulated forces of each size and kind")
    parser.add_argument("--chosen", action="store_true", help="Scotland, origins on which the usual memory was chosen")
    options = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    london = build_panel(read_force(options.data))
    if options.chosen:
        shown({"Scotland, 1993 to 2007": scotland(options.data / SCOTLAND, london, CHOSEN)})
        return
    scores = {"Scotland, convictions 2008 to 2017": scotland(options.data / SCOTLAND, london, JUDGED)}
    for spoilt, word in ((False, "plain"), (True, "heaped and drifting")):
        for wards in (24, 240):
            found = simulated(range(1, options.seeds + 1), wards, spoilt=spoilt)
            scores |= {f"simulated {seed}, {wards} wards, {word}": each for seed, each in enumerate(found, start=1)}
    origins = [pd.Timestamp(f"{year}-03-01") for year in range(2017, 2025)]
    table = past_shares(london, origins, 1, lambda known: residents_by_age(known, range(2011, 2027)))
    of_london = score_shares(table, london.age_evidence)
    scores |= {f"London, {source}": each for source, each in of_london.groupby("source")}
    shown(scores)


def shown(scores: dict[str, pd.DataFrame]) -> None:
    """Print the sums of each force as Markdown, errors in per cent of people."""
    table = pd.concat([score_sums(each.assign(force=name), ["force"]) for name, each in scores.items()])
    shares = ["error", "last_year", "three_years", "better_peer", "from", "to", "coverage_80"]
    print(table.assign(**{name: 100 * table[name] for name in shares}).round(2).to_markdown(index=False))


if __name__ == "__main__":
    main()
