"""A run made again gives the same numbers, and a person may override the rule, with a reason."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest

from publication.release.release import list_releases
from tests.deep.commands.test_train import aliases, runs
from tests.running.place import Place

pytestmark = pytest.mark.e2e


def run_of(place: Place) -> str:
    """The run behind the place's release."""
    return str(json.loads((place.releases / "latest" / "manifest.json").read_text())["run_id"])


def test_a_run_can_be_made_again_from_its_record(place: Place) -> None:
    done = place.run("reproduce", run_of(place), "--data", "data")
    assert done.end() == 0, done.said
    assert "Reproduced" in done.out


def test_a_run_is_not_made_again_from_other_data(place: Place) -> None:
    other = place.folder / "other"
    shutil.copytree(place.folder / "data", other)
    (changed,) = other.glob("derived/ward22_population_mid*")
    changed.write_bytes(gzip.compress(gzip.decompress(changed.read_bytes()), mtime=1))
    done = place.run("reproduce", run_of(place), "--data", "other")
    assert done.end() == 1
    assert "not the one that this run was made from" in done.err


def test_an_override_needs_a_reason_and_keeps_it(place: Place) -> None:
    champion = aliases(place)["champion"]
    refused = place.run("promote", champion, "--reason", " ")
    assert refused.end() == 1
    assert "needs a reason" in refused.err
    done = place.run("promote", champion, "--reason", "the rule does not know of the new boundaries")
    assert done.end() == 0, done.said
    assert aliases(place)["champion"] == champion
    assert any(run["version"] == champion for run in runs(place))
    unknown = place.run("promote", "999", "--reason", "why not")
    assert unknown.end() == 1
    assert "no such model" in unknown.err


def test_releases_are_listed_and_verified(place: Place) -> None:
    (released,) = list_releases(place.releases)
    listed = place.run("releases", "list")
    assert f"{released.name}" in listed.out
    assert "served" in listed.out
    assert place.run("releases", "verify", released.name).out == f"{released.name}  whole\n"
    nothing = place.run("releases", "verify", "1999-01-nothing")
    assert nothing.end() == 1
    assert "no such release" in nothing.err
