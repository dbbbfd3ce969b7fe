"""Terms of use: under what licence a release may be used, and whose data it was made from.

Walk in: the facts of the run. Walk out: `licence.txt`, and the same terms for machines.
"""

from __future__ import annotations

import re
from pathlib import Path

from publication.release.manifest import ReleaseFacts
from sources.catalogue.catalogue import load_catalogue
from sources.catalogue.entries import Dataset

LICENCE = "licence.txt"
OPEN_LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "UK Open Government Licence (OGL v3)",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
STATISTICS = "Contains National Statistics data © Crown copyright and database right."
MAPS = "Contains OS data © Crown copyright and database right."


def write_licence(folder: Path, facts: ReleaseFacts) -> None:
    """Write `licence.txt` into a release's folder."""
    text = "\n".join([terms(facts), *attributions(facts)])
    (folder / LICENCE).write_text(f"{facts.force.name}, release {facts.name}\n\n{text}\n", encoding="utf-8")


def terms(facts: ReleaseFacts) -> str:
    """Return what may be done with the release, in a sentence or two."""
    if facts.audience == "internal":
        return "INTERNAL: for the force alone. Not for publication; no number has been suppressed."
    if facts.force.simulated:
        return "SIMULATED: the force is fictional and so is every figure. Free to use for any purpose."
    return f"Free to use under the {OPEN_LICENCE['title']}: {OPEN_LICENCE['path']}"


def attributions(facts: ReleaseFacts) -> list[str]:
    """Return the statements that whoever uses the release must repeat; none for a simulated force."""
    datasets = [] if facts.force.simulated else datasets_read(facts)
    datasets = [one for one in datasets if one.licence.startswith("Open Government Licence")]
    public = f"Contains public sector information licensed under the {OPEN_LICENCE['title']}:"
    return [
        *[f"{public} {name}." for name in sorted({_body(one.publisher) for one in datasets})],
        *[STATISTICS] * any("National Statistics" in one.publisher for one in datasets),
        *[MAPS] * any("OS data" in one.licence for one in datasets),
    ]


def datasets_read(facts: ReleaseFacts) -> list[Dataset]:
    """Return the entries of the catalogue whose files the run read."""
    read = set(facts.inputs["dataset"])
    return [dataset for dataset in load_catalogue().dataset if dataset.id in read]


def _body(publisher: str) -> str:
    """Return the body that published, without what is said of the particular data."""
    return re.split(r" \(|; ", publisher)[0]
