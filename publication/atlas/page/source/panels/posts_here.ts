/** Posts of a ward as the plan gives them, and why; of larger areas the sum of their wards. */

import { tenths } from "../data/chance";
import type { Shown } from "../data/measures";
import { levelOf, liesIn, rowsOf } from "../data/release";
import { capital, LEVEL_NAMES, LEVEL_PLURALS, whole } from "../data/words";
import { element } from "../elements/dom";

/** Posts of one kind of officer, written by `posts.py`; wards in the order of the release's. */
export interface Posts {
  role: string;
  /** What decides, in words. */
  by: string;
  rule: string;
  others: string[];
  years: string[];
  suppositions: string[];
  wards: (WardPosts | null)[];
}

interface WardPosts {
  posts: number;
  floor: number;
  /** In hundredths; null where no draws tell. */
  sure: number | null;
  why: string;
  others: number[];
  years: number[];
  then: [number, number][];
}

export function postsHere(shown: Shown, posts: Posts[]): HTMLElement {
  const { release, area } = shown;
  const level = levelOf(release, area);
  const wards = rowsOf(release, "ward");
  const units = [...new Set(posts.map((one) => one.by))];
  return element(
    "div",
    {},
    element("p", { class: "govuk-hint" }, `Posts go by ${units.join(" and ")}, whatever is chosen above.`),
    ...posts.flatMap((one) =>
      level === "ward" ? ofWard(one, one.wards[wards.indexOf(area)]) : [ofMany(shown, one, wards)],
    ),
    element(
      "p",
      {},
      "What a stated rule gives, not what has been decided. ",
      element("a", { class: "govuk-link", href: "../plan/index.html" }, "How posts are given: the plan"),
      ".",
    ),
  );
}

function ofWard(posts: Posts, ward: WardPosts | null): HTMLElement[] {
  if (!ward) return [element("p", {}, `${capital(posts.role)}: no figure for this ${LEVEL_NAMES.ward}.`)];
  const later = ward.years.slice(1);
  const changed = later.some((number) => number !== ward.posts);
  const more =
    ward.posts > ward.floor
      ? `${whole(ward.posts - ward.floor)} above the least of ${whole(ward.floor)}`
      : "the least there is";
  const rows: [string, string][] = [
    ...(ward.sure === null || ward.posts <= ward.floor
      ? []
      : ([["Possible futures that support the last post", tenths(ward.sure / 100)]] as [string, string][])),
    ...posts.others.map((rule, place): [string, string] => [`By another rule: ${rule}`, whole(ward.others[place])]),
    ...(later.length
      ? ([
          [
            `In years 2 to ${ward.years.length}, moved only when sure`,
            changed ? later.map(whole).join(", ") : `${whole(ward.posts)}, as now`,
          ],
        ] as [string, string][])
      : []),
  ];
  const flips = ward.then.map(([place, number]) => `${whole(number)} if ${posts.suppositions[place]}`);
  return [
    element("p", {}, element("strong", {}, `${capital(posts.role)}: ${whole(ward.posts)}`), `, ${more}. ${ward.why}`),
    element(
      "dl",
      { class: "summary" },
      ...rows.map(([term, figure]) => element("div", {}, element("dt", {}, term), element("dd", {}, figure))),
    ),
    ...(flips.length
      ? [element("p", {}, `Were reporting not alike everywhere, it would have: ${flips.join("; ")} is reported.`)]
      : []),
  ];
}

function ofMany({ release, area }: Shown, posts: Posts, wards: number[]): HTMLElement {
  const inside = wards.flatMap((row, place) => {
    const ward = posts.wards[place];
    return ward && liesIn(release, row, area) ? [ward] : [];
  });
  const sum = (of: (ward: WardPosts) => number): number => inside.reduce((total, ward) => total + of(ward), 0);
  return element(
    "p",
    {},
    `${capital(posts.role)}: ${whole(sum((ward) => ward.posts))} posts in ${whole(inside.length)} ${LEVEL_PLURALS.ward}, ${whole(sum((ward) => ward.floor))} of them as the least of each.`,
  );
}
