"""What is at stake in the fictional force: its truth, and what the force observed of it for its plan folder.

Walk in: crime types, offences by command and a random generator. Walk out: a `StakesTruth`; files of the plan folder
with standard errors, and the truth beside the other truths.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

from sources.simulated.city import City
from sources.simulated.offences import Recorded
from sources.simulated.plan_truth import FUNCTIONS, PlanTruth
from sources.simulated.written.files import write_csv, write_parquet

CASES_SCORED = 400  # cases of a crime type whose harm was scored
ASKED, DESIGN_EFFECT = 800, 1.3  # incidents that a survey asked after, by crime type, and how much less they tell
AUDITED = 1_500  # reports that an audit followed up
SPREAD = 0.2  # of the log-odds of reporting between commands
ACCURACY = 0.9
# Nobody is asked after these: no basis, no victim left to ask, or found by policing itself.
WITHOUT_SURVEY = ("RAPE", "HOMICIDE", "POSSESSION OF DRUGS", "TRAFFICKING OF DRUGS", "POSSESSION OF WEAPONS")
INFLATION = 0.03
PAID = 60  # people of a function whose cost an hour was looked up
_SPREAD_OF_HARM = 0.8  # of the logarithm, between cases of a type
_Z90 = 1.2816
_SAID = {"country": "SIMULATED", "quality": "measured"}


@dataclass(frozen=True, eq=False)
class StakesTruth:
    """What is true.

    harm : (crime type) mean harm of an offence. reported : (crime type, command) share of incidents that reach the
    police, of which `ACCURACY` are recorded; reported_of_force : (crime type), the same of all commands together.
    pounds : (function) an hour.
    """

    crime_types: list[str]
    commands: list[str]
    harm: np.ndarray
    reported: np.ndarray
    reported_of_force: np.ndarray
    pounds: np.ndarray


def stakes_truth_of(crime_types: list[str], last_year: pd.DataFrame, generator: np.random.Generator) -> StakesTruth:
    """Return the truth of what is at stake; last_year : recorded offences, a row a crime type, a column a command."""
    harm = np.exp(generator.normal(3.0, 1.6, len(crime_types)))
    odds = generator.normal(-0.2, 0.7, (len(crime_types), 1)) + generator.normal(0, SPREAD, last_year.shape)
    reported = 1 / (1 + np.exp(-odds))
    counts = last_year.to_numpy(float)
    of_force = counts.sum(axis=1) / np.maximum((counts / reported).sum(axis=1), 1e-9)
    of_force = np.where(counts.sum(axis=1) > 0, of_force, reported.mean(axis=1))
    pounds = generator.uniform(28, 52, len(FUNCTIONS)).round(2)
    return StakesTruth(crime_types, list(last_year.columns), harm, reported, of_force, pounds)


def last_year_by_command(recorded: Recorded, crime_types: list[str], city: City) -> pd.DataFrame:
    """Return offences of the last twelve months, located or not, a row a crime type, a column a command."""
    total = (recorded.located + recorded.in_borough + recorded.nowhere)[:, :, -12:].sum(axis=2)
    by_ward = pd.DataFrame(total, index=recorded.types["crime_type"].to_numpy()).groupby(level=0).sum()
    return by_ward.reindex(crime_types).T.groupby(city.wards["bcu_name"].to_numpy()).sum().T


def write_stakes(
    folder: Path, truth: StakesTruth, work: PlanTruth, last_month: pd.Timestamp, generator: np.random.Generator
) -> None:
    """Write what the force observed into its plan folder, which is there."""
    year = str(last_month.year)
    money_year = f"{last_month.year - 1}/{last_month.year % 100:02d}"
    write_csv(_harm(truth, generator).assign(year=year, **_SAID), folder / "harm_weights.csv")
    write_csv(_reporting(truth, generator).assign(year=year, **_SAID), folder / "reporting.csv")
    write_csv(_rates(truth, generator).assign(year=money_year, **_SAID), folder / "rates.csv")
    cost = float(truth.pounds @ work.base_hours)
    write_csv(_budget(cost, last_month + pd.DateOffset(months=1)).assign(year=year, **_SAID), folder / "budget.csv")
    write_csv(_register().assign(scored_on=f"{last_month:%Y-%m}-28", year=year, **_SAID), folder / "risk.csv")


def write_stakes_truth(folder: Path, truth: StakesTruth, work: PlanTruth) -> None:
    """Write the truth."""
    write_parquet(pd.DataFrame({"crime_type": truth.crime_types, "harm": truth.harm}), folder / "plan_harm.parquet")
    index = pd.MultiIndex.from_product([truth.crime_types, truth.commands], names=["crime_type", "bcu_name"])
    reporting = index.to_frame(index=False).assign(share_reported=truth.reported.ravel(), share_recorded=ACCURACY)
    write_parquet(reporting, folder / "plan_reporting.parquet")
    costs = {"function": list(FUNCTIONS), "pounds_an_hour": truth.pounds, "cost": truth.pounds * work.base_hours}
    write_parquet(pd.DataFrame(costs), folder / "plan_costs.parquet")


def _harm(truth: StakesTruth, generator: np.random.Generator) -> pd.DataFrame:
    """Return mean harm of scored cases of each type, with an 80 % interval by its standard error."""
    scale = truth.harm[:, None] / np.exp(_SPREAD_OF_HARM**2 / 2)
    scores = scale * np.exp(_SPREAD_OF_HARM * generator.normal(size=(len(truth.harm), CASES_SCORED)))
    middle = scores.mean(axis=1)
    error = _Z90 * scores.std(axis=1, ddof=1) / np.sqrt(CASES_SCORED)
    return pd.DataFrame(
        {
            "weights": "own",
            "what": truth.crime_types,
            "p10": (middle - error).round(4),
            "p50": middle.round(4),
            "p90": (middle + error).round(4),
            "unit": "score",
            "source": "scored cases",
            "error_group": [f"scores of {name}" for name in truth.crime_types],
        }
    )


def _reporting(truth: StakesTruth, generator: np.random.Generator) -> pd.DataFrame:
    """Return answers of the force's own survey by crime type, an audit of recording, and the spread of commands."""
    told = ASKED / DESIGN_EFFECT
    rows: list[tuple[object, ...]] = [
        (name, "force", "reported", ASKED, *_of_counts(share, told, generator), f"survey of {name}")
        for name, share in zip(truth.crime_types, truth.reported_of_force, strict=True)
        if name not in WITHOUT_SURVEY
    ]
    rows.append(("all", "force", "recorded", AUDITED, *_of_counts(ACCURACY, AUDITED, generator), "audit"))
    rows.append(("all", "force", "spread", "", 0.15, 0.2, 0.27, "spread of reporting"))
    columns = ["what", "area", "measure", "n", "p10", "p50", "p90", "error_group"]
    return pd.DataFrame(rows, columns=columns).assign(unit="share or log-odds", source="own survey and audit")


def _of_counts(share: float, counted: float, generator: np.random.Generator) -> np.ndarray:
    """Return the quantiles of a share of which so many were counted (Jeffreys)."""
    found = generator.binomial(round(counted), share)
    return beta.ppf([0.1, 0.5, 0.9], found + 0.5, round(counted) - found + 0.5).round(5)


def _rates(truth: StakesTruth, generator: np.random.Generator) -> pd.DataFrame:
    pay = truth.pounds[:, None] * (1 + 0.25 * generator.normal(size=(len(FUNCTIONS), PAID)))
    middle, error = pay.mean(axis=1), _Z90 * pay.std(axis=1, ddof=1) / np.sqrt(PAID)
    table = pd.DataFrame(
        {
            "function": FUNCTIONS,
            "measure": "pounds an hour",
            "p10": (middle - error).round(3),
            "p50": middle.round(3),
            "p90": (middle + error).round(3),
            "error_group": [f"pay of {name}" for name in FUNCTIONS],
        }
    )
    inflation = ["all", "inflation a year", 0.02, INFLATION, 0.04, "inflation"]
    table.loc[len(table)] = pd.Series(inflation, index=table.columns)
    return table.assign(unit="pounds, or share", source="payroll")


def _budget(cost: float, first_month: pd.Timestamp) -> pd.DataFrame:
    """Return four years in which income grows more slowly than spending, so that reserves end."""
    rows = [
        (
            f"{first_month + pd.DateOffset(years=year):%Y-%m}",
            "all",
            round(cost * 1.02 ** (year + 1)),
            round(0.3 * cost * 1.02 ** (year + 1)),
            round(1.3 * cost * 1.005 ** (year + 1)),
            round(0.05 * cost) if year == 0 else "",
            0.02,
        )
        for year in range(4)
    ]
    columns = ["from_month", "function", "pay", "other", "income", "reserves", "inflation_budgeted"]
    return pd.DataFrame(rows, columns=columns).assign(source="finance")


def _register() -> pd.DataFrame:
    """Return a register of a few threats in the words of the worked example's scales."""
    rows = [
        (
            "Violence",
            "VIOLENCE WITH INJURY",
            "",
            "substantial",
            "substantial",
            "low",
            "substantial",
            "no harm",
            "partly met",
        ),
        (
            "Robbery",
            "ROBBERY OF PERSONAL PROPERTY",
            "",
            "moderate",
            "substantial",
            "low",
            "moderate",
            "no harm",
            "mostly met",
        ),
        (
            "Burglary",
            "RESIDENTIAL BURGLARY",
            "",
            "no harm",
            "substantial",
            "moderate",
            "moderate",
            "no harm",
            "mostly met",
        ),
        ("Missing people", "missing people", "", "moderate", "severe", "no harm", "low", "no harm", "partly met"),
        (
            "Shops",
            "SHOPLIFTING + BURGLARY BUSINESS AND COMMUNITY",
            "",
            "low",
            "low",
            "moderate",
            "moderate",
            "no harm",
            "not met",
        ),
        ("Cyber-crime", "", "frequent", "no harm", "moderate", "substantial", "low", "no harm", "not met"),
    ]
    columns = ["threat", "crimes", "likelihood", "physical", "psychological", "financial", "community", "environment"]
    said = {"capability": "good", "confidence": "medium", "scored_by": "risk panel", "lead": "Head of crime"}
    said |= {"prevention": "", "intelligence": "", "enforcement": "", "source": "risk panel"}
    return pd.DataFrame(rows, columns=[*columns, "capacity"]).assign(**said)
