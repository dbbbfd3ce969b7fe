"""How good the ages behind a figure are, in words.

Walks in: `Contents`. Walks out: the quality of each crime type; of a major type, those of its minor types.
"""

from __future__ import annotations

from publication.contents import Contents
from publication.recorded import members

QUALITIES = ("measured", "proxy", "none")


def qualities(contents: Contents, basis: str) -> dict[tuple[str, str], str]:
    """Return `Measured`, `Proxy`, `None`, or several, by crime_level and crime_type; types not rated are absent."""
    rated = contents.age_quality[contents.age_quality["basis"] == basis]
    quality = dict(zip(rated["crime_type"], rated["quality"], strict=True))
    found = {key: {quality[name] for name in minors if name in quality} for key, minors in members(contents).items()}
    return {key: ", ".join(name for name in QUALITIES if name in of).capitalize() for key, of in found.items() if of}
