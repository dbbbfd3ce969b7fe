"""Harm on a plan's page: which crime types make most of it, where, and how far that hangs on the scale.

Walk in: tables of harm. Walks out: a section.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.stakes.harm import DISCOVERED, REPORTED
from planning.stakes.weights import EQUAL
from publication.pages.rendering import Formats, Table, shown
from publication.plan.formats import in_whole
from publication.plan.section import Section
from publication.words import month_name, per_cent, ranges, sentence_case

MOST = 10  # rows of a table on the page; the file has them all
SURE, UNSURE = 0.95, 0.1  # chances of a ward


def harm_section(tables: Mapping[str, pd.DataFrame]) -> Section | None:
    """Return the section, of the first year of the plan."""
    harm = tables.get("harm", pd.DataFrame())
    if harm.empty:
        return None
    first = harm["year"].min()
    types, ranks, agreement = (
        table[table["year"] == first] if len(table) else table
        for table in (tables[name] for name in ("harm_types", "harm_ranks", "harm_agreement"))
    )
    harm = harm[harm["year"] == first]
    leading = str(harm["weights"].iloc[0])
    findings = (
        *_on_types(types, leading, first),
        *_on_agreement(agreement, leading),
        *_on_ranks(ranks, leading),
        *_on_wards(harm, leading),
        "Harm is offences times weights in every possible future. What policing itself discovers stands apart and "
        "counts in no ward. There is no harm of a ward's month: a few offences would rule it.",
    )
    made = (_types(types), _boroughs(harm, ranks, leading), _wards(harm, leading))
    return Section("Harm", findings, tuple(table for table in made if table is not None))


def _on_types(types: pd.DataFrame, leading: str, first: pd.Timestamp) -> list[str]:
    held = types[(types["weights"] == leading) & (types["kind"] == REPORTED)].nlargest(3, "mean")
    counted = types[(types["weights"] == EQUAL) & (types["kind"] == REPORTED)].set_index("what")["share"]
    if held.empty:
        return []
    names = [sentence_case(name) for name in held["what"]]
    offences = counted.reindex(held["what"]).sum()
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return [
        f"By {leading} weights {listed} make {per_cent(held['share'].sum())} of the harm of what the public reports in "
        f"the twelve months from {month_name(first)}, with {per_cent(offences)} of its offences."
    ]


def _on_agreement(agreement: pd.DataFrame, leading: str) -> list[str]:
    if agreement.empty:
        return []
    held = agreement[agreement["weights"] == leading]
    said = []
    for level, rows in held.groupby("area_level", sort=False):
        parts = [f"{row['other']} {per_cent(row['pairs_alike'])}" for _, row in rows.iterrows()]
        said.append(f"of pairs of {level}s as {leading} does: {', '.join(parts)}")
    return [f"Other scales order so many {'; '.join(said)}. Half would be chance."] if said else []


def _on_ranks(ranks: pd.DataFrame, leading: str) -> list[str]:
    held = ranks[ranks["weights"] == leading] if len(ranks) else ranks
    moved = held[~held["rank_without"].between(held["rank_q10"], held["rank_q90"])] if len(held) else held
    if held.empty:
        return []
    if moved.empty:
        return ["No borough would stand outside its rank's interval if one crime type did not count."]
    most = moved["hangs_on"].value_counts()
    return [
        f"{len(moved)} of {len(held)} boroughs would stand outside the interval of their rank if one crime type did "
        f"not count, most often {sentence_case(str(most.index[0]))} ({most.iloc[0]})."
    ]


def _on_wards(harm: pd.DataFrame, leading: str) -> list[str]:
    chance = harm.loc[(harm["area_level"] == "ward") & (harm["weights"] == leading), "chance_top_tenth"]
    if chance.empty:
        return []
    return [
        f"Of {len(chance)} wards {int((chance > SURE).sum())} belong to the tenth with the most harm with a chance "
        f"above {per_cent(SURE)}; for {int(chance.between(UNSURE, 1 - UNSURE).sum())} it lies between "
        f"{per_cent(UNSURE)} and {per_cent(1 - UNSURE)}."
    ]


def _types(types: pd.DataFrame) -> Table | None:
    wide = types.pivot(index=["what", "kind"], columns="weights", values="share").reset_index()
    scales = list(dict.fromkeys(types["weights"]))
    wide = wide.sort_values(["kind", scales[0]], ascending=[False, False])
    shares = {f"by {scale}": wide[scale] for scale in scales}
    kinds = wide["kind"].map({REPORTED: "reported by the public", DISCOVERED: "discovered by policing"})
    words = pd.DataFrame({"Crime type": wide["what"].map(sentence_case), "Kind": kinds, **shares})
    caption = "Share of harm of its kind, by the weights of each scale, first year"
    formats: Formats = dict.fromkeys(shares, per_cent)
    return shown("harm-types", caption, words, formats)


def _boroughs(harm: pd.DataFrame, ranks: pd.DataFrame, leading: str) -> Table | None:
    if ranks.empty:
        return None
    of_boroughs = harm[(harm["area_level"] == "borough") & (harm["kind"] == REPORTED) & (harm["weights"] == leading)]
    rows = of_boroughs.merge(ranks[ranks["weights"] == leading], on=["area_code", "area_name"])
    rows = rows.sort_values("rank")
    others = {
        f"Rank by {scale}": rows["area_code"].map(held.set_index("area_code")["rank"])
        for scale, held in ranks.groupby("weights", sort=False)
        if scale != leading
    }
    words = pd.DataFrame(
        {
            "Borough": rows["area_name"],
            "Harm": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            f"Rank by {leading}": rows["rank"],
            "80 % interval of the rank": ranges(rows["rank_q10"], rows["rank_q90"]),
            **others,
            "Hangs on": rows["hangs_on"].map(sentence_case),
            "Rank without": rows["rank_without"],
        }
    )
    names = [name for name in words if name not in {"Borough", "Hangs on"}]
    return shown("harm-boroughs", "Harm of boroughs, first year", words, in_whole(*map(str, names)))


def _wards(harm: pd.DataFrame, leading: str) -> Table | None:
    held = harm[(harm["area_level"] == "ward") & (harm["weights"] == leading)]
    if held.empty:
        return None
    rows = held.nlargest(MOST, "mean")
    words = pd.DataFrame(
        {
            "Ward": rows["area_name"],
            "Chance, with assumptions": rows["chance_top_tenth"],
            "from demand alone": rows["chance_top_tenth_demand_alone"],
            "Largest part": rows["largest_type"].map(sentence_case),
            "its share": rows["largest_share"],
        }
    )
    formats: Formats = dict.fromkeys(("Chance, with assumptions", "from demand alone", "its share"), per_cent)
    caption = (
        f"Chance of wards to be among the tenth with the most harm, first year: the first {MOST}; harm.csv has all"
    )
    return shown("harm-wards", caption, words, formats)
