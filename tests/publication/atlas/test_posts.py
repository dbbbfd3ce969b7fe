"""Posts in the atlas are those of the plan's tables, ward by ward."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publication.atlas import write_atlas
from publication.atlas.places import Places
from publication.atlas.posts import posts_told
from publication.release.contents import Contents
from tests.publication.atlas.fictional_atlas import atlas_contents
from tests.publication.atlas.fictional_posts import SUPPOSITION

pytestmark = pytest.mark.unit


def told_in(atlas: Path) -> list[dict[str, Any]]:
    text = (atlas / "data/posts.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix('wardcast.tell("posts",').removesuffix(");\n"))


def test_each_ward_has_the_posts_of_the_plan_and_their_reason(contents: Contents, atlas: Path) -> None:
    assert contents.plan is not None
    tables = contents.plan.tables
    [role] = told_in(atlas)
    assert role["role"] == "ward officer"
    assert role["suppositions"] == [SUPPOSITION]
    places = Places.of(contents.geography.areas, contents.recorded.unlocated_offences["area_code"])
    codes = places.table.loc[places.table["level"] == "ward", "code"].tolist()
    recommended = tables["posts"][tables["posts"]["rule"] == role["rule"]].set_index("ward_code")
    assert len(role["wards"]) == len(codes)
    for code, ward in zip(codes, role["wards"], strict=True):
        assert ward["posts"] == recommended.loc[code, "posts"]
        assert ward["why"] == recommended.loc[code, "why"]
        assert ward["sure"] == round(100 * recommended.loc[code, "surety"])
        years = tables["post_years"][tables["post_years"]["ward_code"] == code]
        assert ward["years"] == years.sort_values("period")["posts"].tolist()
        assert bool(ward["then"]) == (code == tables["post_flips"]["ward_code"].iloc[0])


def test_without_a_plan_there_are_none(make: Callable[..., Any], contents: Contents, tmp_path: Path) -> None:
    write_atlas(tmp_path, atlas_contents(make, plan=None))
    assert not (tmp_path / "atlas/data/posts.js").exists()
    assert '"posts":false' in (tmp_path / "atlas/data/release.js").read_text(encoding="utf-8")
    assert posts_told({}, Places.of(contents.geography.areas, contents.recorded.unlocated_offences["area_code"])) == []
