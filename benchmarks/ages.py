"""Rates by age held to account: what they would have said of years that came, beside what needs no rates.

    nice .venv/bin/python benchmarks/ages.py ../shared/data

Prints the tables of docs/ages.md: whether rates by age drift, victims of violence against women and girls from April
2022 forecast from March 2022, arrests in 2015/16 to 2017/18 forecast from 2012/13, children in custody in 2021 to 2025
forecast from arrests to 2017/18, and how often the 80 % intervals of simulated forces hold the truth.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel, build_panel
from features.population.by_age import residents_by_age
from models.people.age_curves import YOUNGEST_SUSPECT
from models.people.age_drift import yearly_changes, yearly_counts
from models.people.age_rates import AgeRates, fit_age_rates
from sources.ages.arrests import ARRESTS
from sources.ages.dashboards import CUSTODY_DISPOSALS, VAWG_VICTIMS
from sources.read_force import read_force
from sources.simulated import simulate

ORIGIN = pd.Timestamp("2022-03-01")
ARRESTS_ORIGIN, ARRESTS_JUDGED = pd.Timestamp("2012-04-01"), pd.Timestamp("2015-04-01")
DRIFT_YEARS = 5  # whose mean change is carried on
BLOCK = 3  # months that the bootstrap keeps together
RESAMPLES = 2000
# Groups that mean much the same before and after the change of classification in 2015/16.
COMPARABLE = ("ROBBERY", "DRUG OFFENCES", "SEXUAL OFFENCES", "ARSON AND CRIMINAL DAMAGE")
# A minor type that takes its rates from each group in custody.
IN_CUSTODY = {
    "ROBBERY": "ROBBERY OF PERSONAL PROPERTY",
    "POSSESSION OF WEAPONS": "POSSESSION OF WEAPONS",
    "DRUG OFFENCES": "POSSESSION OF DRUGS",
    "SEXUAL OFFENCES": "RAPE",
    "VIOLENCE AGAINST THE PERSON": "VIOLENCE WITH INJURY",
}


def of_force(panel: Panel, years: range) -> xr.DataArray:
    """Return residents of the force, (age, year)."""
    residents = residents_by_age(panel, years)
    if residents is None:
        raise SystemExit("nothing is known of residents")
    return residents.sum("ward").transpose("age", "year")


def by_band(residents: xr.DataArray, bands: list[tuple[int, int]], weights: np.ndarray | float = 1.0) -> pd.DataFrame:
    """Return weighted residents by year and band."""
    weighted = residents.transpose("year", "age") * weights
    table = {low: weighted.sel(age=slice(low, high)).sum("age").to_numpy() for low, high in bands}
    return pd.DataFrame(table, index=residents["year"].to_numpy())


def drift(panel: Panel, residents: xr.DataArray) -> pd.DataFrame:
    """Return for each group the mean yearly change, in per cent, of the youngest band's rate relative to all ages."""
    rows = []
    for source, youngest in ((ARRESTS, YOUNGEST_SUSPECT), (VAWG_VICTIMS, 0)):
        of_source = panel.age_evidence[panel.age_evidence["source"] == source]
        for name, group in of_source.groupby("crime_type"):
            changes = yearly_changes(*yearly_counts(group, residents, youngest))
            if len(changes) >= 5:
                young = changes[:, 0]
                error = young.std(ddof=1) / np.sqrt(len(young))
                rows.append((source, name, len(young), 100 * young.mean(), 100 * error, young.mean() / error))
    columns = ["source", "group", "changes", "mean change, % a year", "standard error", "t"]
    return pd.DataFrame(rows, columns=columns)


def vawg(panel: Panel) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores of VAWG victims by band given each month's total, and without it; with shares by method."""
    evidence = panel.age_evidence[panel.age_evidence["source"] == VAWG_VICTIMS]
    actual = evidence.set_index(["first_month", "age_low"])["count"].unstack()
    bands = sorted(set(zip(evidence["age_low"], evidence["age_high"], strict=True)))
    known = panel.as_known_at(ORIGIN)
    residents = of_force(known, range(2011, 2027))
    rates = fit_age_rates(known, residents_by_age(known, range(2011, 2027)))
    rate = rates.rate.sel(basis="victim", crime_type="VIOLENCE WITH INJURY").to_numpy()
    last_year = actual.loc[ORIGIN - pd.DateOffset(months=11) : ORIGIN]
    judged = actual.loc[ORIGIN + pd.DateOffset(months=1) :]
    persons = by_band(residents, bands)
    of_years = by_band(residents, bands, np.nan_to_num(rate))
    growth = (persons / persons.loc[2021]).loc[judged.index.year].to_numpy()
    changes = yearly_changes(*yearly_counts(evidence[evidence["last_month"] <= ORIGIN], residents, 0))[
        -DRIFT_YEARS:
    ].mean(axis=0)
    ahead = np.arange(1, len(judged) + 1)[:, np.newaxis] / 12 + 0.5
    candidates = {
        "last year's shares": np.broadcast_to(last_year.sum().to_numpy(), judged.shape),
        "rates of three years x residents": of_years.loc[judged.index.year].to_numpy(),
        "rates of last year x residents": last_year.sum().to_numpy() * growth,
        "the same, drift carried on": last_year.sum().to_numpy() * growth * np.exp(changes * ahead),
        "the same, half of the drift": last_year.sum().to_numpy() * growth * np.exp(changes * ahead / 2),
    }
    totals = judged.sum(axis=1).to_numpy()[:, np.newaxis]
    given = {name: each / each.sum(axis=1, keepdims=True) * totals for name, each in candidates.items()}
    mean = last_year.mean().to_numpy()
    alone = {
        "12-month mean of each band": np.broadcast_to(mean, judged.shape),
        "rates of last year x residents": mean * growth,
        "the same, drift carried on": mean * growth * np.exp(changes * ahead),
    }
    return compared(given, judged), compared(alone, judged)


def compared(forecasts: dict[str, np.ndarray], actual: pd.DataFrame) -> pd.DataFrame:
    """Return the error of each forecast, % of the total, and its difference from the first with a 90 % interval.

    The interval is of a bootstrap that keeps three months together.
    """
    error = {name: np.abs(each - actual.to_numpy()).sum(axis=1) for name, each in forecasts.items()}
    total = actual.sum(axis=1).to_numpy()
    blocks = np.arange(len(total)) // BLOCK
    generator = np.random.default_rng(1)
    chosen = generator.integers(blocks.max() + 1, size=(RESAMPLES, blocks.max() + 1))
    summed = {name: np.bincount(blocks, each) for name, each in error.items()}
    whole = np.bincount(blocks, total)[chosen].sum(axis=1)
    first = next(iter(forecasts))
    rows = []
    for name, each in error.items():
        differences = 100 * (summed[name] - summed[first])[chosen].sum(axis=1) / whole
        difference = 100 * (each - error[first]).sum() / total.sum()
        rows.append((name, 100 * each.sum() / total.sum(), difference, *np.quantile(differences, [0.05, 0.95])))
    return pd.DataFrame(rows, columns=["method", "error, %", "difference", "from", "to"])


def arrests(panel: Panel, residents: xr.DataArray) -> pd.DataFrame:
    """Return the error of age shares of arrests by method and group, in points, mean over the three years judged.

    Then the mean of the groups, its difference from unchanged shares with the standard error between groups, and by how
    much the share of 10 to 17 year olds was put too high.
    """
    evidence = panel.age_evidence[(panel.age_evidence["source"] == ARRESTS) & (panel.age_evidence["age_low"] >= 10)]
    bands = sorted(set(zip(evidence["age_low"], evidence["age_high"], strict=True)))
    persons = by_band(residents, bands)
    rows = []
    for name in COMPARABLE:
        group = evidence[evidence["crime_type"] == name]
        counts = group.set_index(["first_month", "age_low"])["count"].unstack()
        before = counts.loc[ARRESTS_ORIGIN]
        fitted = group[group["first_month"] <= ARRESTS_ORIGIN]
        changes = yearly_changes(*yearly_counts(fitted, residents, YOUNGEST_SUSPECT))[-DRIFT_YEARS:].mean(axis=0)
        for month, actual in counts.loc[ARRESTS_JUDGED:].iterrows():
            years = month.year - ARRESTS_ORIGIN.year
            growth = persons.loc[month.year] / persons.loc[ARRESTS_ORIGIN.year]
            methods = {
                "shares unchanged": before,
                "rates x residents": before * growth,
                "the same, drift carried on": before * growth * np.exp(changes * years),
                "the same, half of the drift": before * growth * np.exp(changes * years / 2),
            }
            for method, each in methods.items():
                error = np.abs(each / each.sum() - actual / actual.sum()).sum() / 2
                rows.append((name, method, 100 * error, 100 * (each / each.sum() - actual / actual.sum()).iloc[0]))
    table = pd.DataFrame(rows, columns=["group", "method", "error", "bias"])
    error = table.groupby(["method", "group"], sort=False)["error"].mean().unstack("group")
    difference = error - error.iloc[0]
    return error.assign(
        mean=error.mean(axis=1),
        difference=difference.mean(axis=1),
        standard_error=difference.sem(axis=1),
        children_too_many=table.groupby("method")["bias"].mean(),
    )


def custody(panel: Panel) -> pd.DataFrame:
    """Return the share of children among people in custody, forecast with its 80 % interval, and as it was."""
    known = panel.as_known_at(pd.Timestamp("2021-01-01"))
    rates = fit_age_rates(known, residents_by_age(panel, range(2011, 2026)))
    persons = of_force(panel, range(2021, 2026)).sel(year=2023)
    evidence = panel.age_evidence[panel.age_evidence["source"] == CUSTODY_DISPOSALS]
    rows = []
    for group, member in IN_CUSTODY.items():
        counts = evidence[evidence["crime_type"] == group].groupby("age_low")["count"].sum()
        chosen = {"basis": "suspect", "crime_type": member}
        share = children_share(rates.rate.sel(chosen), persons)
        low, high = children_share(rates.samples.sel(chosen), persons).quantile([0.1, 0.9])
        actual = counts[YOUNGEST_SUSPECT] / counts.sum()
        rows.append((group, *(100 * float(each) for each in (share, low, high, actual)), int(counts.sum())))
    return pd.DataFrame(rows, columns=["group", "forecast, %", "from", "to", "actual, %", "people"])


def children_share(rate: xr.DataArray, persons: xr.DataArray) -> xr.DataArray:
    """Return the share of 10 to 17 year olds among the people of all ages."""
    people = rate * persons
    return people.sel(age=slice(YOUNGEST_SUSPECT, 17)).sum("age") / people.sum("age")


def simulated(seeds: range) -> pd.DataFrame:
    """Return how often 80 % intervals hold the truth of simulated forces, in per cent, by seed and basis."""
    rows = []
    for seed in seeds:
        with TemporaryDirectory() as folder:
            data = simulate(Path(folder) / "force", wards=24, months=84, seed=seed)
            panel = build_panel(read_force(data))
            residents = residents_by_age(panel, range(panel.months[0].year, panel.last_month.year + 1))
            rates = fit_age_rates(panel, residents, seed=seed)
            inside, known = covered(rates, residents, data / "truth")
        rows += [(seed, basis, 100 * float(inside.sel(basis=basis).mean()), 100 * known[basis]) for basis in known]
    return pd.DataFrame(rows, columns=["seed", "basis", "rates, %", "known shares, %"])


def covered(rates: AgeRates, residents: xr.DataArray, truth: Path) -> tuple[xr.DataArray, dict[str, float]]:
    """Return where the 80 % interval of a rate holds the truth, and the share of known shares that it holds.

    Rates are compared by their shape, each divided by its sum over residents: the truth's level is that of its last
    month, before season, trend and shocks.
    """
    people = residents.sum("ward").isel(year=-1, drop=True)
    true = pd.read_parquet(truth / "age_rates.parquet").astype({"basis": str, "crime_type": str})
    true_rate = true.set_index(["basis", "crime_type", "age"])["rate"].to_xarray().reindex_like(rates.rate)
    shape = true_rate / (true_rate * people).sum("age")
    sampled = (rates.samples / (rates.samples * people).sum("age")).fillna(0.0)
    low, high = sampled.quantile([0.1, 0.9], "sample")
    inside = ((shape >= low) & (shape <= high)).where(
        rates.rate.notnull() & (true_rate > 0)  # noqa: PD004 (of an array)
    )
    types = pd.read_parquet(truth / "crime_types.parquet").set_index("crime_type").loc[rates.rate["crime_type"]]
    known = {}
    for basis in ("victim", "suspect"):
        share = types[f"{basis}_age_known"].to_numpy()
        low, high = rates.known_share_samples.sel(basis=basis).quantile([0.1, 0.9], "sample").to_numpy()
        known[basis] = float(((share >= low) & (share <= high))[share > 0].mean())
    return inside, known


def shown(title: str, table: pd.DataFrame) -> None:
    """Print a table as Markdown."""
    print(f"\n### {title}\n\n{table.round(2).to_markdown(index=table.index.name is not None)}")


def main() -> None:
    """Print all the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of London's input files")
    parser.add_argument("--seeds", type=int, default=5, help="simulated forces")
    options = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    panel = build_panel(read_force(options.data))
    residents = of_force(panel, range(2011, 2026))
    shown("Drift of the youngest band's rate", drift(panel, residents))
    given, alone = vawg(panel)
    shown("Victims of violence against women and girls, each month's total given", given)
    shown("The same, no total given", alone)
    shown("Arrests, error of age shares in points", arrests(panel, residents))
    shown("Children in custody", custody(panel))
    shown("Simulated forces", simulated(range(1, options.seeds + 1)))


if __name__ == "__main__":
    main()
