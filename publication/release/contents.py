"""Everything that a release may tell, gathered once, in seven parts: what every writer of the room takes.

Walks in: tables of the run. Walks out: `Contents`. Disclosure control (`publication.disclosure.control`) turns contents
into contents that may leave the building, so a writer never sees what may not. A function that needs one part takes
that part, not the whole. A field is named like the table that it becomes in a release; no name stands in two parts.
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
from publication.release.manifest import ReleaseFacts

if TYPE_CHECKING:
    from planning.make import PlanResult

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
class CrimeTypes:
    """What is counted.

    crime_types : crime_type (minor), major_type, neighbourhood_crime, finest_open_level.
    severity : crime_type (minor), weight: ONS Crime Severity Score weight of an average offence of the type.

    Set by disclosure control alone (`publication.disclosure.control.protected`):

    protected_types : minor types that forecasts leave out below their finest open level. There, codes of `major` and
        `all` that end in EXCLUDING stand for the totals without them; elsewhere they stand beside the whole totals.
    withheld_counts : minor types of which `offences` and `unlocated_offences` have no rows: absent is not zero there.
    """

    crime_types: pd.DataFrame
    severity: pd.DataFrame
    protected_types: tuple[str, ...] = ()
    withheld_counts: tuple[str, ...] = ()

    @property
    def total(self) -> str:
        """The code of the total that both recorded counts and forecasts have: `all`, or ALL_EXCLUDING."""
        return ALL_EXCLUDING if self.withheld_counts else "all"


@dataclass(frozen=True, eq=False)
class Geography:
    """Where it is counted, and who lives there.

    areas : one row a ward: code and name of ward, borough, BCU and force.
    ward_profile : ward_code, indicator, value.
    ward_boundaries, borough_boundaries : code, geometry (WGS84).
    residents : ward_code, year, age_group (`all` or a group), variant (`estimate`, `central`, `low`, `high`), persons.
    former_wards : old_ward_code, name, ward_code, share; postcodes : postcode, ward_code: other names of places.
    """

    areas: pd.DataFrame
    ward_profile: pd.DataFrame
    ward_boundaries: gpd.GeoDataFrame
    borough_boundaries: gpd.GeoDataFrame
    residents: pd.DataFrame
    former_wards: pd.DataFrame = field(default_factory=pd.DataFrame)
    postcodes: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, eq=False)
class Recorded:
    """What was recorded, up to the origin.

    offences, unlocated_offences, knife_crime : as in `sources.tables.contracts`; the last are flags on offences.
    antisocial_behaviour : area_code, month, count: incidents, no offences, as in `sources.tables.contracts`.
    overlaps, quarantine : see `sources.tables.force_tables.ForceTables`.
    from_extract : whether counts come from a record-level extract, which no publisher has released openly.
    protected_counts : set by disclosure control: what is told of `CrimeTypes.withheld_counts`: area_level, area_code,
        crime_type, month (first of a financial year), count (missing where suppressed), marker. Or None.
    """

    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    from_extract: bool = False
    knife_crime: pd.DataFrame = field(default_factory=pd.DataFrame)
    antisocial_behaviour: pd.DataFrame = field(default_factory=pd.DataFrame)
    protected_counts: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Ahead:
    """What is expected after the origin, all ages together.

    forecast : the design's `forecast` table. Months and years of the first scenario, years of the others. Rows of
        located and of unlocated offences, which add up.
    all_recorded : the same of all recorded offences, located or not, and quarters of the first scenario: sums of the
        same draws. Boroughs, BCUs and the force; the force alone where boroughs have no unlocated offences of their
        own.
    scenario_differences : same columns, `mean` and quantiles of a scenario's yearly offences less the first scenario's.
    quarters : forecast table of blocks of three months from the first (`period` is `quarter`), boroughs and above, the
        sum of the neighbourhood crimes among the types (crime_level `group`, crime_type `NEIGHBOURHOOD CRIME`).
    drivers : area_level, area_code, crime_level, crime_type, month (first of the year ahead), step, offences: why
        that year differs from the last recorded one (`models.explanation.explain`); the steps add up.
    demand_waterfall : `models.explanation.drivers.demand_waterfall`: how demand came to the last recorded year, and
        goes on.
    antisocial_forecast : anti-social behaviour, columns as `publication.tables.tables.ANTISOCIAL_FORECAST`.
    model : name of the model (`models.recipes.catalogue`), or empty where it is not known.
    """

    forecast: pd.DataFrame
    scenario_differences: pd.DataFrame
    drivers: pd.DataFrame
    all_recorded: pd.DataFrame = field(default_factory=_no_forecast)
    quarters: pd.DataFrame = field(default_factory=pd.DataFrame)
    demand_waterfall: pd.DataFrame = field(default_factory=pd.DataFrame)
    antisocial_forecast: pd.DataFrame = field(default_factory=pd.DataFrame)
    model: str = ""


@dataclass(frozen=True, eq=False)
class Ages:
    """Of what age the people are who are offended against, and who are suspected.

    forecast_by_age : columns of the forecast, one row an age group and basis, groups and "not known" adding up to the
        row of all ages: wards by year, boroughs and above by month and year. Empty where there are no ages. Disclosure
        control adds a column `marker`; a row that is `suppressed` has no mean and no quantiles.
    age_rates : crime_type, basis, age, rate, low, high: people a year per 1,000 residents of that age, 80 % interval.
    age_quality : crime_type, basis, quality (`measured|few|proxy|none`), people (to the nearest 50), source (in words).
    ages_from_extract : whether ages come from a record-level extract, which no publisher has released openly.
    """

    forecast_by_age: pd.DataFrame
    age_rates: pd.DataFrame
    age_quality: pd.DataFrame
    ages_from_extract: bool = False


@dataclass(frozen=True, eq=False)
class TrackRecord:
    """How good the forecasts have been, and what was found odd.

    accuracy : `models.scoring.scores.score_summary` of past years.
    accuracy_by_horizon : the same by horizon_from, horizon_to (months ahead), of single months.
    last_year : forecast table of the last twelve months, made a year before; months and the year.
    last_year_all_recorded : the same of all recorded offences.
    past_years : whole years of several origins, one to four ahead, beside what was recorded
        (`models.scoring.track_record`): force, BCUs and boroughs.
    promises : release, origin, months, area_level, crime_level, crime_type (empty for all types of the level together),
        scores and `promised_` scores of earlier releases.
    alerts : month, kind, area_level, area_code, area_name, said, to_do: what the monitor found odd, newest first.
    importance : feature (of `features.share_features`), importance, sd: growth of the error when it is shuffled.
    population_strength : horizon, origins, seen, mean, sd, pooled_mean, pooled_sd: how strongly offences have followed
        residents at past origins (1 is in step, 0 not at all), by months ahead and together.
    """

    accuracy: pd.DataFrame
    last_year: pd.DataFrame
    accuracy_by_horizon: pd.DataFrame = field(default_factory=pd.DataFrame)
    last_year_all_recorded: pd.DataFrame = field(default_factory=_no_forecast)
    past_years: pd.DataFrame = field(default_factory=pd.DataFrame)
    promises: pd.DataFrame = field(default_factory=pd.DataFrame)
    alerts: pd.DataFrame = field(default_factory=_no_alerts)
    importance: pd.DataFrame = field(default_factory=pd.DataFrame)
    population_strength: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, eq=False)
class OtherDemand:
    """Streams of demand other than offences by type; all empty for a force without any.

    streams : one row a stream (`sources.streams.described`). stream_values : contract STREAM_VALUES.
    stream_forecast : columns of `models.streams.summary.STREAM_FORECAST`.
    stream_last_year : the same of flags' last twelve months, made a year before.
    """

    streams: pd.DataFrame = field(default_factory=pd.DataFrame)
    stream_values: pd.DataFrame = field(default_factory=pd.DataFrame)
    stream_forecast: pd.DataFrame = field(default_factory=pd.DataFrame)
    stream_last_year: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, eq=False)
class Contents:
    """What a release may tell, and to whom (`facts.audience`).

    previous : folder of the release served before, or None.
    plan : the default plan, whose tables by ward count only what may be told of wards; None where none was made.
    """

    facts: ReleaseFacts
    crime: CrimeTypes
    geography: Geography
    recorded: Recorded
    ahead: Ahead
    ages: Ages
    track_record: TrackRecord
    other_demand: OtherDemand = field(default_factory=OtherDemand)
    plan: PlanResult | None = None
    previous: Path | None = None

    @property
    def audience(self) -> str:
        """Whom the release is for: `open` or `internal`."""
        return self.facts.audience

    @property
    def has_plan(self) -> bool:
        """Whether the release has a plan's page."""
        return self.plan is not None


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
