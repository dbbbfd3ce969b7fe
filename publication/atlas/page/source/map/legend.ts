/** The key of the map: each colour, what it stands for, and how many areas have it. */

import { type Classes, classOf, MISSING } from "../data/classes";
import { drawn, element } from "../elements/dom";
import type { Shown } from "../data/measures";
import { beforeName, ofWhom, when } from "../data/finding";
import { ageOf } from "../data/view_state";
import { areaTitle, isolated, LEVEL_PLURALS, MEASURE_NAMES } from "../data/words";

export interface Key {
  title: string;
  entries: { colour: string; label: string; areas: number; chosen: boolean }[];
}

export function keyOf(shown: Shown, values: Map<number, number>, classes: Classes): Key {
  const counts = new Array<number>(classes.colours.length).fill(0);
  let missing = 0;
  for (const value of values.values()) {
    const kind = classOf(value, classes);
    if (kind < 0) missing++;
    else counts[kind]++;
  }
  const own = values.has(shown.area) ? classOf(values.get(shown.area)!, classes) : -2;
  const entries = classes.colours.map((colour, kind) => ({
    colour,
    label: classes.labels[kind],
    areas: counts[kind],
    chosen: kind === own,
  }));
  if (missing) entries.push({ colour: MISSING, label: missingLabel(shown), areas: missing, chosen: false });
  return {
    title: MEASURE_NAMES[shown.state.measure],
    entries: entries.filter((entry) => entry.areas || entry.colour !== MISSING),
  };
}

export function legend(shown: Shown, key: Key): HTMLElement {
  const noun = LEVEL_PLURALS[shown.state.level];
  return element(
    "ul",
    { class: "legend", "aria-label": "Key of the map" },
    ...key.entries.map(({ colour, label, areas, chosen }) =>
      element(
        "li",
        {},
        swatch(colour),
        ` ${label} `,
        element("span", { class: "areas" }, `${areas} ${areas === 1 ? noun.replace(/s$/, "") : noun}`),
        chosen ? element("span", { class: "chosen-key" }, areaTitle(shown.release, shown.area)) : null,
      ),
    ),
  );
}

export function shownTitle(shown: Shown): string {
  const { state, crime } = shown;
  const age = ageOf(state);
  const measure = {
    direction: "which way recorded offences are likely to go",
    expected: "expected recorded offences (mean)",
    change: "change of the middle forecast",
    rate: `expected offences per 1,000 residents${age ? ` of that age (only offences with a ${age.basis} of known age)` : ""}`,
    severity: "expected severity (ONS weighted score)",
    width: "width of the 80\u00a0% interval, as a share of the expected number",
  }[state.measure];
  const against = state.measure === "change" || state.measure === "direction" ? `, against ${beforeName(shown)}` : "";
  return `${isolated(crime.name)}${ofWhom(shown)}: ${measure}, ${when(shown).replace(/^in /, "")}${against}`;
}

function missingLabel(shown: Shown): string {
  switch (shown.state.measure) {
    case "change":
    case "direction":
      return "Too few recorded to compare, or not published";
    case "width":
      return "Too few expected to say, or not published";
    case "rate":
      return "Residents not known, or not published";
    case "severity":
      return "No severity weight, or not published";
    default:
      return `Not published at this level`;
  }
}

function swatch(colour: string): SVGSVGElement {
  const lines =
    colour === MISSING &&
    drawn("path", { d: "M0 20 20 0M-5 10 10 -5M10 25 25 10", stroke: "#B1B4B6", "stroke-width": 3 });
  return drawn(
    "svg",
    { class: "swatch", viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" },
    drawn("rect", { width: 20, height: 20, fill: colour }),
    lines,
    drawn("rect", { x: 0.5, y: 0.5, width: 19, height: 19, fill: "none", stroke: "#3D3D3D" }),
  );
}
