"""What a stream is, in one row for readers of a release.

Walks in: a stream. Walks out: its row of the release's table `streams`.
"""

from __future__ import annotations

import pandas as pd

from sources.catalogue.catalogue import load_catalogue
from sources.streams.tables import Stream


def described(stream: Stream, streams: pd.DataFrame, *, borrowed: bool, why_not: str) -> dict[str, object]:
    """Return what a stream counts, whose it is, its span and total, and how it is forecast, as a row.

    streams : contract STREAMS. borrowed : whether its season and noise rest on related crime types. why_not : why there
    is no forecast, empty where there is one.
    """
    about = stream.about
    found = streams[streams["stream"] == about.name].iloc[0]
    dataset = load_catalogue()[about.dataset] if about.dataset else None
    return {
        "stream": about.name,
        "title": about.title,
        "category": about.category,
        "unit": about.unit,
        "kind": about.kind,
        "area_level": about.areas,
        "period": about.period,
        "first": found["first"],
        "last": found["last"],
        "total": float(found["total"]),
        "set_aside": float(found["set_aside"]),
        "overlaps": "; ".join(about.overlaps),
        "within": "; ".join(f"{part} < {whole}" for part, whole in about.within.items()),
        "finest_open_level": about.finest_open_level,
        "sensitive": about.sensitive,
        "openly_published": dataset is not None,
        "publisher": about.publisher if dataset is None else dataset.publisher,
        "licence": about.licence if dataset is None else dataset.licence,
        "borrowed": borrowed,
        "not_forecast_because": why_not,
    }
