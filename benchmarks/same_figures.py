"""Whether two releases tell the same figures, table by table: for changes that should move none.

    .venv/bin/python benchmarks/same_figures.py BEFORE AFTER

Walk in: two release folders. Walks out: a line a table that differs, and exit code 1 where one does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

READERS = {".parquet": pd.read_parquet, ".csv": pd.read_csv}


def tables(release: Path) -> dict[str, Path]:
    """Return every table of a release by its path within it."""
    return {file.relative_to(release).as_posix(): file for file in release.rglob("*") if file.suffix in READERS}


def differences(before: Path, after: Path) -> list[str]:
    """Return what differs, in words; empty where each table has the same cells in the same order."""
    first, second = tables(before), tables(after)
    found = [f"{name}: only in {before}" for name in sorted(first.keys() - second.keys())]
    found += [f"{name}: only in {after}" for name in sorted(second.keys() - first.keys())]
    for name in sorted(first.keys() & second.keys()):
        read = READERS[first[name].suffix]
        one, other = read(first[name]), read(second[name])
        try:
            pd.testing.assert_frame_equal(one, other, check_exact=True)
        except AssertionError as difference:
            found.append(f"{name}: {str(difference).splitlines()[0]}")
    return found


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folders = [Path(word) for word in sys.argv[1:]]
    told = differences(*folders)
    print("\n".join(told) or f"the same figures in {len(tables(folders[0]))} tables")
    sys.exit(bool(told))
