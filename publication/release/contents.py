"""Everything that a release may tell, gathered once: what every writer of the room takes.

Walks in: tables of the run. Walks out: `Contents`. Disclosure control (`publication.disclosure.control`) turns contents
into contents that may leave the building, so a writer never sees what may not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import geopandas as gpd
import pandas as pd

from models.forecast.vocabulary import ALL_EXCLUDING, NUMBERS
from publication.release.manifest import AUDIENCES, ReleaseFacts

if TYPE_CHECKING:
    from planning.make import PlanResult

__all__ = ["AUDIENCES", "Contents", "once"]

Asked = ParamSpec("Asked")
Table = TypeVar("Table", pd.DataFrame, pd.Series)

ALERTS = ("month", "kind", "area_level", "area_code", "area_name", "said", "to_do")


def _no_alerts() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="datetime64[us]" if name == "month" else str) for name in ALERTS})


def _no_forecast() -> pd.DataFrame:
    texts = ["origin", "scenario", "measure", "area_level", "area_code", "area_name", "crime_level", "crime_type"]
    columns = [*texts, "age_group", "age_basis", "month", "period", *NUMBERS]
    return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})


@dataclass(frozen=True, eq=False)
class Contents:
    """What a release may tell, and to whom.

    forecast : the design's `forecast` table, all ages. Months and years of the first scenario, years of the others.
        Rows of located and of unlocated offences, which add up.
    all_recorded : the same of all recorded offences, located or not, and quarters of the first scenario: sums of the
        same draws. Boroughs, BCUs and the force; the force alone where boroughs have no unlocated offences of their
        own.
    forecast_by_age : same columns, one row an age group and basis, groups and "not known" adding up to the row of all
        ages: wards by year, boroughs and above by month and year. Empty where there are no ages.
    scenario_differences : same columns, `mean` and quantiles of a scenario's yearly offences less the first scenario's.
    offences, unlocated_offences : what was recorded, as in `sources.tables.contracts`.
    residents : ward_code, year, age_group (`all` or a group), variant (`estimate`, `central`, `low`, `high`), persons.
    age_rates : crime_type, basis, age, rate, low, high: people a year per 1,000 residents of that age, 80 % interval.
    age_quality : crime_type, basis, quality (`measured|few|proxy|none`), people (to the nearest 50), source (in words).
    drivers : area_level, area_code, crime_level, crime_type, month (first of the year ahead), step, offences: why
        that year differs from the last recorded one (`models.explanation.explain`); the steps add up.
    severity : crime_type (minor), weight: ONS Crime Severity Score weight of an average offence of the type.
    accuracy : `models.scoring.scores.score_summary` of past years.
    last_year : forecast table of the last twelve months, made a year before; months and the year.
    last_year_all_recorded : the same of all recorded offences.
    past_years : whole years of several origins, one to four ahead, beside what was recorded
        (`models.scoring.track_record`): force, BCUs and boroughs.
    ward_profile : ward_code, indicator, value. ward_boundaries, borough_boundaries : code, geometry (WGS84).
    overlaps, quarantine : see `sources.tables.force_tables.ForceTables`.
    from_extract : whether counts come from a record-level extract, which no publisher has released openly.
    ages_from_extract : whether the ages do.
    previous : folder of the release served before, or None.
    model : name of the model (`models.recipes.catalogue`), or empty where it is not known.
    quarters : forecast table of blocks of three months from the first (`period` is `quarter`), boroughs and above, the
        sum of the neighbourhood crimes among the types (crime_level `group`, crime_type `NEIGHBOURHOOD CRIME`).
    accuracy_by_horizon : as `accuracy`, by horizon_from, horizon_to (months ahead), of single months.
    knife_crime : area_code, series, month, count: flags on offences, as in `sources.tables.contracts`.
    importance : feature (of `features.share_features`), importance, sd: growth of the error when it is shuffled.
    antisocial_behaviour : area_code, month, count: incidents, no offences, as in `sources.tables.contracts`.
    antisocial_forecast : the same ahead, columns as `publication.tables.tables.ANTISOCIAL_FORECAST`.
    streams : one row a stream of other demand (`sources.streams.described`); empty for a force without any.
    stream_values : contract STREAM_VALUES. stream_forecast : columns of `models.streams.summary.STREAM_FORECAST`;
    stream_last_year : the same of flags' last twelve months, made a year before.
    alerts : month, kind, area_level, area_code, area_name, said, to_do: what the monitor found odd, newest first.
    promises : release, origin, months, area_level, crime_level, crime_type (empty for all types of the level together),
        scores and `promised_` scores of earlier releases.
    demand_waterfall : `models.explanation.drivers.demand_waterfall`: how demand came to the last recorded year, and
        goes on.
    population_strength : horizon, origins, seen, mean, sd, pooled_mean, pooled_sd: how strongly offences have followed
        residents at past origins (1 is in step, 0 not at all), by months ahead and together.

    plan : the default plan, whose tables by ward count only what may be told of wards; None where none was made.

    What disclosure control (`publication.disclosure.control.protected`) sets; before it, and for `internal`, all is
    told:

    protected_types : minor types that forecasts leave out below their finest open level. There, codes of `major` and
        `all` that end in EXCLUDING stand for the totals without them; elsewhere they stand beside the whole totals.
    withheld_counts : minor types of which `offences` and `unlocated_offences` have no rows: absent is not zero there.
    protected_counts : what is told of those instead: area_level, area_code, crime_type, month (first of a financial
        year), count (missing where suppressed), marker. Or None.
    forecast_by_age : gets a column `marker`; a row that is `suppressed` has no mean and no quantiles.
    """

    facts: ReleaseFacts
    audience: str
    areas: pd.DataFrame
    crime_types: pd.DataFrame
    forecast: pd.DataFrame
    forecast_by_age: pd.DataFrame
    scenario_differences: pd.DataFrame
    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    residents: pd.DataFrame
    age_rates: pd.DataFrame
    age_quality: pd.DataFrame
    drivers: pd.DataFrame
    severity: pd.DataFrame
    accuracy: pd.DataFrame
    last_year: pd.DataFrame
    ward_profile: pd.DataFrame
    ward_boundaries: gpd.GeoDataFrame
    borough_boundaries: gpd.GeoDataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    from_extract: bool = False
    ages_from_extract: bool = False
    previous: Path | None = None
    model: str = ""
    quarters: pd.DataFrame = field(default_factory=pd.DataFrame)
    accuracy_by_horizon: pd.DataFrame = field(default_factory=pd.DataFrame)
    knife_crime: pd.DataFrame = field(default_factory=pd.DataFrame)
    demand_waterfall: pd.DataFrame = field(default_factory=pd.DataFrame)
    population_strength: pd.DataFrame = field(default_factory=pd.DataFrame)
    alerts: pd.DataFrame = field(default_factory=_no_alerts)
    promises: pd.DataFrame = field(default_factory=pd.DataFrame)
    importance: pd.DataFrame = field(default_factory=pd.DataFrame)
    antisocial_behaviour: pd.DataFrame = field(default_factory=pd.DataFrame)
    antisocial_forecast: pd.DataFrame = field(default_factory=pd.DataFrame)
    streams: pd.DataFrame = field(default_factory=pd.DataFrame)
    stream_values: pd.DataFrame = field(default_factory=pd.DataFrame)
    stream_forecast: pd.DataFrame = field(default_factory=pd.DataFrame)
    stream_last_year: pd.DataFrame = field(default_factory=pd.DataFrame)
    all_recorded: pd.DataFrame = field(default_factory=_no_forecast)
    last_year_all_recorded: pd.DataFrame = field(default_factory=_no_forecast)
    past_years: pd.DataFrame = field(default_factory=pd.DataFrame)
    plan: PlanResult | None = None
    protected_types: tuple[str, ...] = ()
    withheld_counts: tuple[str, ...] = ()
    protected_counts: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if self.audience not in AUDIENCES:
            raise ValueError(f"an audience is one of {', '.join(AUDIENCES)}, not {self.audience!r}")
        if self.audience != self.facts.audience:
            raise ValueError(f"the contents are for {self.audience!r}, the facts say {self.facts.audience!r}")

    @property
    def total(self) -> str:
        """The code of the total that both recorded counts and forecasts have: `all`, or ALL_EXCLUDING."""
        return ALL_EXCLUDING if self.withheld_counts else "all"


def once(work: Callable[Concatenate[Contents, Asked], Table]) -> Callable[Concatenate[Contents, Asked], Table]:
    """Let a table that several writers want be worked out once for each contents, and be kept as long as these are."""
    kept: WeakKeyDictionary[Contents, dict[object, Table]] = WeakKeyDictionary()

    @wraps(work)
    def worked_out_once(contents: Contents, *asked: Asked.args, **named: Asked.kwargs) -> Table:
        tables = kept.setdefault(contents, {})
        key = (asked, tuple(sorted(named.items())))
        if key not in tables:
            tables[key] = work(contents, *asked, **named)
        return tables[key].copy(deep=False)  # whoever changes it changes no other's

    return worked_out_once
