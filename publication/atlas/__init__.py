"""The atlas: an interactive page of the forecast that opens from disk, with no server and no network."""

from publication.atlas.write import write_atlas

__all__ = ["write_atlas"]
