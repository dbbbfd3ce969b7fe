"""The record of past forecasts of whole years, up to four ahead: made once for an origin, and kept.

Walks in: a recipe, the panel and the tables. Walks out: `models.scoring.track_record` of several origins. What a recipe
said at an origin depends on what was known then, so it is kept in the cache by these very data and this very code.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from features.panel import Panel
from models.backtest import backtest
from models.forecast.for_each import ForEach
from models.recipes.model import Model, NoiseOf
from models.scoring.observed import Observed
from models.scoring.track_record import LEVELS, YEAR, record_origins, yearly_record, years_to_score
from pipelines.kept.kept_noise import vintage_of
from pipelines.running.progress import stage
from pipelines.settings import Settings
from sources.tables.force_tables import ForceTables

DRAWS = 100  # enough for the ends of an 80 % interval
COLUMNS = ["origin", "measure", "area_level", "area_code", "crime_level", "crime_type", "period", "month"]
NUMBERS = ["q10", "q50", "q90"]


def past_years(
    model: Model,
    panel: Panel,
    tables: ForceTables,
    settings: Settings,
    for_each: ForEach,
    noise_of: NoiseOf,
    at_hand: list[pd.DataFrame],
) -> pd.DataFrame:
    """Return the record: of the forecasts at hand, and of as many earlier origins as the settings say."""
    observed = Observed.of(tables.offences, tables.areas, tables.crime_types, tables.unlocated_offences)
    known = [pd.Timestamp(table["origin"].iloc[0]) for table in at_hand]
    origins = record_origins(panel, settings.record_origins, known)
    made = list(at_hand)
    if origins:
        steps = len(origins) * panel.offences.sizes["crime_type"]
        with stage(f"Forecasting as of {', '.join(f'{origin:%Y-%m}' for origin in origins)}", steps) as step:
            made += [_of_origin(origin, model, panel, settings, for_each, noise_of, step) for origin in origins]
    records = [yearly_record(table, observed, panel.breaks) for table in made]
    return pd.concat(records, ignore_index=True)


def _of_origin(
    origin: pd.Timestamp,
    model: Model,
    panel: Panel,
    settings: Settings,
    for_each: ForEach,
    noise_of: NoiseOf,
    progress: Callable[[], None],
) -> pd.DataFrame:
    """Return the years of the forecast of an origin, from the cache where they are."""
    own = not type(model).__module__.startswith("models.")  # may change under the same name, so it is not kept
    years = years_to_score(panel, origin)
    name = f"{model.name}-{origin:%Y-%m}-{years}-{vintage_of(panel.as_known_at(origin), model)}.parquet"
    file = settings.cache / "record" / name
    if file.is_file() and not own:
        return pd.read_parquet(file)
    (table,) = backtest(
        model,
        panel,
        [origin],
        YEAR * years,
        draws=min(DRAWS, settings.draws),
        seed=settings.seed,
        for_each=for_each,
        noise_of=noise_of,
        progress=progress,
    )
    table = table[table["area_level"].isin(LEVELS) & (table["period"] == "year")][[*COLUMNS, *NUMBERS]]
    if not own:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".part")
        table.to_parquet(aside, index=False)
        aside.replace(file)
    return table
