"""The documents of a release: methods, model card, transparency record, assumptions, quality report, fairness report.

Walks in: `Contents`. Walks out: `documents/*.html`. Their words say how the work is done; every number in them is the
run's, or is said to be missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from publication.numbers.age_quality import age_caveats
from publication.numbers.record.fairness import FIFTHS, GROUPINGS, RESAMPLES, bias_by_type, by_fifth
from publication.numbers.record.features import features_that_count
from publication.numbers.record.past_year import apart, last_months, past_year
from publication.numbers.recorded import shown_scenario
from publication.pages.quality import AREA_LEVELS, quality_tables
from publication.pages.rendering import Formats, Table, shown, write_html
from publication.release.contents import Ages, Contents, CrimeTypes, TrackRecord
from publication.words import change, sentence_case, share, whole
from sources.catalogue.catalogue import load_catalogue

FOLDER = "documents"
DOCUMENTS = {
    "methods": "Methods",
    "model_card": "Model card",
    "transparency_record": "Algorithmic transparency record",
    "assumptions": "Assumptions log",
    "quality": "Quality report",
    "fairness": "Fairness report",
}


def write_documents(folder: Path, contents: Contents) -> None:
    """Write the documents into `documents/` of a release's folder."""
    (folder / FOLDER).mkdir(exist_ok=True)
    fairness = fairness_tables(contents)
    card = _card_figures(contents) | {"groups": fairness["groups"]}
    figures = {
        "methods": _method_figures(contents),
        "model_card": card,
        "transparency_record": card,
        "assumptions": {"strength": learnt_strength(contents.track_record)},
        "quality": quality_tables(contents),
        "fairness": fairness,
    }
    for name, of_document in figures.items():
        common = {"documents": DOCUMENTS, "name": name, "model": contents.ahead.model, "ages": _ages(contents.ages)}
        common |= {"caveats": age_caveats(contents.ages), "closed": closing(contents.crime)}
        path = folder / FOLDER / f"{name}.html"
        write_html(path, f"documents/{name}.html", contents, root="../", **common, **of_document)


def learnt_strength(record: TrackRecord) -> dict[str, float] | None:
    """Return mean and sd of how strongly offences have followed residents: 1 is in step, 0 not at all."""
    table = record.population_strength
    if table.empty:
        return None
    return {"mean": float(table["pooled_mean"].iloc[0]), "sd": float(table["pooled_sd"].iloc[0])}


def closing(crime: CrimeTypes) -> str:
    """Say in a sentence what of sensitive types is told; empty where all is."""
    if not crime.protected_types:
        return ""
    text = "Forecasts of sensitive types stop at borough"
    if crime.withheld_counts:
        return f"{text}, and so do their recorded counts."
    return f"{text}; recorded counts that the force already publishes by ward are repeated."


def fairness_tables(contents: Contents) -> dict[str, Any]:
    """Return the tables of the fairness report, each grouping of wards in words; none where wards have no profile."""
    groups = []
    for name, (title, first, last) in GROUPINGS.items():
        found = by_fifth(contents, name)
        if found.empty:
            continue
        label = found["fifth"].map({1: f"1, {first}", FIFTHS: f"{FIFTHS}, {last}"}).fillna(found["fifth"].astype(str))
        wide = pd.DataFrame(
            {
                "Fifth of wards": label,
                "Wards": found["wards"],
                "Recorded": found["recorded"],
                "Expected": found["expected"],
                "Error": found["error"],
                "Expected against recorded": found["bias"],
                "The same, against all wards": found["beyond_force"],
                "95 % interval of that": [
                    f"{change(low)} to {change(high)}"
                    for low, high in zip(found["beyond_force_low"], found["beyond_force_high"], strict=True)
                ],
                "Years inside the 80 % interval": (found["coverage_low"] + found["coverage_high"]) / 2,
                "Months inside": (found["month_coverage_low"] + found["month_coverage_high"]) / 2,
                "Width of the interval": found["width"],
            }
        )
        formats: Formats = dict.fromkeys(["Wards", "Recorded", "Expected"], whole)
        formats |= dict.fromkeys(
            ["Error", "Years inside the 80 % interval", "Months inside", "Width of the interval"], share
        )
        formats |= dict.fromkeys(["Expected against recorded", "The same, against all wards"], change)
        formats |= {"95 % interval of that": str}
        types = bias_by_type(contents, name)
        groups.append(
            {
                "title": title,
                "table": shown(
                    f"fifths-{name}", f"{title}: fifths of wards, all crime with a known ward", wide, formats
                ),
                "by_type": _types_table(types, name, title),
                "finding": _finding(found, types, first, last),
            }
        )
    return {"groups": groups, "past": last_months(contents.track_record), "resamples": RESAMPLES}


def _types_table(found: pd.DataFrame, name: str, title: str) -> Table:
    fifths = [column for column in found.columns.astype(str) if column.isdigit()]
    table = pd.DataFrame({"Crime type": found["crime_type"].map(sentence_case)})
    table = table.assign(**{f"Fifth {number}": found[number] for number in fifths})
    caption = f"{title}: expected against recorded, by crime type and fifth of wards"
    return shown(f"types-{name}", caption, table, dict.fromkeys(table.columns.astype(str)[1:], change))


def _finding(found: pd.DataFrame, by_type: pd.DataFrame, first: str, last: str) -> str:
    """Say in words in which fifths the forecast leans one way, and for which crime type fifths differ most."""
    words = {1: _fifth_in_words(first), FIFTHS: _fifth_in_words(last)}
    leaning = {"more": found[found["beyond_force_low"] > 0], "fewer": found[found["beyond_force_high"] < 0]}
    parts = [
        f"{direction} offences were expected than came in "
        + " and ".join(words.get(number, f"fifth {number}") for number in part["fifth"])
        for direction, part in leaning.items()
        if len(part)
    ]
    text = f"Set against all wards together, {', and '.join(parts)}."
    if not parts:
        text = "No fifth leans further from all wards together than drawing its wards anew would explain."
    types = by_type[by_type["crime_level"] == "major"].set_index("crime_type")
    gap = (types[str(FIFTHS)] - types["1"]).abs().dropna()
    if len(gap):
        crime_type = str(gap.idxmax())
        least, most = (change(float(types[fifth][crime_type])) for fifth in ("1", str(FIFTHS)))
        text += (
            f" The crime type in which {words[1]} and {words[FIFTHS]} differ most is "
            f"{sentence_case(crime_type).lower()}: expected against recorded {least} and {most}."
        )
    return text


def _fifth_in_words(end: str) -> str:
    return f"the fifth with {end}" if end in ("fewest", "most") else f"the {end} fifth"


def _ages(ages: Ages) -> pd.DataFrame:
    """Return the quality of ages: basis, quality, types (number), source."""
    rated = ages.age_quality
    if rated.empty:
        return rated
    return rated.groupby(["basis", "quality", "source"], as_index=False).agg(types=("crime_type", "nunique"))


def _method_figures(contents: Contents) -> dict[str, Any]:
    months = contents.recorded.offences["month"]
    return {
        "first": months.min(),
        "wards": contents.geography.areas["ward_code"].nunique(),
        "minors": contents.crime.crime_types["crime_type"].nunique(),
        "majors": contents.crime.crime_types["major_type"].nunique(),
        "last": shown_scenario(contents)["month"].max(),
        "strength": learnt_strength(contents.track_record),
    }


def _card_figures(contents: Contents) -> dict[str, Any]:
    year = pd.concat([past_year(contents, level).assign(area_level=level) for level in AREA_LEVELS])
    year = year[year["crime_level"] == "all"]
    found = apart(year, ["area_level"]).to_dict("records") if len(year) else []
    return {
        **_method_figures(contents),
        "past": last_months(contents.track_record),
        "features": features_that_count(contents.track_record),
        "headline": {row["area_level"]: row for row in found},
        "datasets": _titles(contents.facts.inputs),
    }


def _titles(inputs: pd.DataFrame) -> list[str]:
    """Return what the datasets are called that the run read; those the catalogue does not know by their id."""
    titles = {dataset.id: dataset.title for dataset in load_catalogue().dataset}
    names: list[str] = inputs["dataset"].unique().tolist() if "dataset" in inputs else []
    return list(dict.fromkeys(titles.get(name, name) for name in names))
