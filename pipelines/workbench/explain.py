"""Explain as a command: why an area's expected offences of a type differ between two years.

Walks in: a data folder, an area, a crime type and two years. Walks out: a waterfall on the terminal, and as a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from features.history import YEAR
from features.panel import Panel
from models.explanation.explain import LEVEL_AND_CHANCE, explain, minor_types_of, wards_of
from models.forecast.forecast import FittedModel, months_ahead
from models.forecast.noise import Noise
from models.people.population_demand import learn_population_demand
from models.recipes.model import Model
from pipelines.kept.tables_at_hand import tables_and_panel
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.steps.recipe import recipe_of
from publication.charts.charts import save_picture
from publication.charts.waterfall import change_text, moving, total_text, unmoved, waterfall
from publication.words import STEP_NAMES, sentence_case, year_label
from sources.catalogue.data_folder import vintage
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

BAR = 44  # columns of the bars on a terminal
PICTURES = (".svg", ".png")


@dataclass(frozen=True)
class Explanation:
    """The steps of a change with the words around them; `before` and `after` name its two years."""

    steps: pd.DataFrame
    title: str
    before: str
    after: str
    made_by: str
    force: str
    simulated: bool

    @property
    def recorded(self) -> bool:
        """Whether the earlier year was recorded, not forecast."""
        return LEVEL_AND_CHANCE in set(self.steps["step"])


def explained(settings: Settings, area: str, crime: str, year: int, against: int) -> Explanation:
    """Return why year `year` ahead differs from year `against`, 0 being the last recorded one.

    The factors are those of the champion if it was fitted on these very data, else they are fitted now.

    Raises
    ------
    InputError
        For an area, crime type or model that is not there, years in the wrong order, or data that cannot be read.
    """
    model = recipe_of(settings)
    with stage("Reading the force's files"):
        tables, panel = tables_and_panel(settings)
    wards, area_name = wards_of(panel.areas, area)
    crime_types, crime_name = minor_types_of(panel.crime_types, crime)
    fitted, made_by = _fitted(model, settings, panel, tables)
    months = YEAR * year
    demand = learn_population_demand(panel.as_known_at(fitted.origin), seed=settings.seed)
    population = demand.factor(panel.months.union(months_ahead(fitted.origin, months)))
    forecast = fitted.forecast(months, population, strength=demand.strength.mean)
    change = explain(forecast, panel, year=year, against=against, past=population)
    years = [year_label(fitted.origin + pd.DateOffset(months=1 + YEAR * (one - 1))) for one in (against, year)]
    what = "All crime excluding fraud" if crime_name == "all" else sentence_case(crime_name)
    return Explanation(
        steps=change.steps(wards, crime_types),
        title=f"{what} in {area_name}: why {_spoken(years[1])} differs from {_spoken(years[0])}",
        before=f"{'Expected' if against else 'Recorded'}, {years[0]}",
        after=f"Expected, {years[1]}",
        made_by=made_by,
        force=tables.force.name,
        simulated=tables.force.simulated,
    )


def show(explanation: Explanation) -> None:
    """Print the waterfall: a row a step, with its bar where the sum stands."""
    steps = moving(explanation.steps)
    console = Console() if Console().is_terminal else Console(width=120)
    mark = "SIMULATED. " if explanation.simulated else ""
    table = Table(title=mark + explanation.title, title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("Step")
    table.add_column("Offences", justify="right")
    table.add_column("", min_width=BAR, no_wrap=True)
    low, high = steps["end"].min(), steps["end"].max()
    names = STEP_NAMES | {"before": explanation.before, "after": explanation.after}
    for step, offences, start, end in steps.itertuples(index=False):
        total = step in ("before", "after")
        text = total_text(offences) if total else change_text(offences)
        style = "bold" if total else "magenta" if offences > 0 else "blue"
        table.add_row(names[step], text, _bar(start, end, low, high), style=style)
    console.print(table)
    for note in notes(explanation):
        console.print(note, style="dim", highlight=False)


def draw(explanation: Explanation, file: Path) -> None:
    """Write the waterfall as a picture; InputError for an ending that is no picture's."""
    if file.suffix not in PICTURES:
        raise InputError("That is no picture", file=file, remedy=f"End its name in {' or '.join(PICTURES)}.")
    if not file.resolve().parent.is_dir():
        raise InputError("The folder to write to is not there", file=file, remedy="Create it first.")
    figure = waterfall(
        explanation.steps,
        before=explanation.before,
        after=explanation.after,
        title=explanation.title,
        source=f"Source: {explanation.force}, offences with a known ward. {' '.join(notes(explanation))}",
        simulated=explanation.simulated,
    )
    save_picture(figure, file)


def notes(explanation: Explanation) -> list[str]:
    """Return what a reader must know: who made the factors, what did not move, and how much chance alone moves."""
    said = [f"Factors of {explanation.made_by}; the parts add up exactly."]
    still = unmoved(explanation.steps)
    if still:
        said.append(f"The same in both years: {', '.join(name.lower() for name in still)}.")
    if explanation.recorded:
        recorded = explanation.steps["offences"].iloc[0]
        said.append(
            f"Chance alone moves a year's count of {recorded:,.0f} by {np.sqrt(max(recorded, 1)):,.0f} or more either "
            "way, so a first part of that size need not mean anything."
        )
    return said


def _fitted(model: Model, settings: Settings, panel: Panel, tables: ForceTables) -> tuple[FittedModel, str]:
    """Return the champion if it was fitted on these data, else factors fitted now; and which it is, in words."""
    # A store is not made just to look into it.
    if settings.tracking_uri or (settings.mlruns / "mlflow.db").exists():
        from models.tracking import registry

        with stage("Looking for the champion"):
            registry.open_store(settings.tracking_address, settings.mlruns)
            champion = registry.find(registry.CHAMPION)
        if champion is not None and champion.parameters.get("data_vintage") == vintage(tables.manifest):
            fitted = registry.load(champion.version)
            return fitted, f"the champion, version {champion.version} ({fitted.model})"
    with stage(f"Fitting {model.name} at {panel.last_month:%Y-%m}"):
        # An expectation needs no noise, which is the slow part of a fit.
        noise = Noise.none(panel.offences["crime_type"].to_numpy())
        fitted = FittedModel(model.name, panel.last_month, model.factors(panel), noise)
    return fitted, f"{model.name}, fitted now since no champion was fitted on these data"


def _spoken(year: str) -> str:
    return year if year[0].isdigit() else f"the year {year}"


def _bar(start: float, end: float, low: float, high: float) -> str:
    """Return a bar between two values, or a mark at a single one, on a scale from low to high."""
    places = [round((value - low) / (high - low) * (BAR - 1)) if high > low else 0 for value in (start, end)]
    left, right = min(places), max(places)
    return " " * left + ("┃" if start == end else "█" * max(right - left, 1))
