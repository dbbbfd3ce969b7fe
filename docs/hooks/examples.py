"""Example rows of input files: the header and the first row of a file, cut short where they are long.

Walks in: data folders, as arguments of the command line. Walks out: `docs/examples/DATASET.txt` of each dataset that
has a file in one of them. Those of datasets that no folder has were written by hand.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq

from sources.catalogue.catalogue import load_catalogue

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHOWN, ENDING = 8, 1  # columns shown of a wide table: the first, and the last
LONGEST = 60  # characters of a cell


def examples_of(folder: Path) -> dict[str, str]:
    """Return the example of each dataset that has a file in the folder, by its id."""
    found = {dataset.id: sorted(folder.glob(dataset.path)) for dataset in load_catalogue().dataset}
    return {name: example_of(files[-1]) for name, files in found.items() if files}


def example_of(file: Path) -> str:
    """Return the header and first row of a CSV or Parquet file as CSV, or the first feature of a GeoJSON file."""
    if file.suffix == ".parquet":
        batch = next(pq.ParquetFile(file).iter_batches(batch_size=1))
        rows = [batch.schema.names, [str(value) for value in batch.to_pylist()[0].values()]]
        return _csv(rows)
    content = file.read_bytes()
    text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8-sig")
    if "geojson" in file.suffixes[0]:
        return _feature(json.loads(text)["features"][0])
    return _csv(list(csv.reader(io.StringIO(text)))[:2])


def _csv(rows: list[list[str]]) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for row in rows:
        cells = [cell if len(cell) <= LONGEST else f"{cell[:LONGEST]}..." for cell in row]
        wide = len(cells) > SHOWN + ENDING
        writer.writerow([*cells[:SHOWN], "...", *cells[-ENDING:]] if wide else cells)
    return lines.getvalue()


def _feature(feature: dict) -> str:
    ring = feature["geometry"]["coordinates"][0]
    while isinstance(ring[0][0], list):
        ring = ring[0]
    shown = {**feature, "geometry": {"type": feature["geometry"]["type"], "coordinates": f"[[[{ring[0]}, ...]]]"}}
    return json.dumps(shown).replace('"[[[', "[[[").replace(']]]"', "]]]") + "\n"


if __name__ == "__main__":
    for name, example in {key: text for data in sys.argv[1:] for key, text in examples_of(Path(data)).items()}.items():
        (EXAMPLES / f"{name}.txt").write_text(example, encoding="utf-8")
