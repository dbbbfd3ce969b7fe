/** Classes of a map: where one colour ends and the next begins. */

import { quantileSorted } from "d3-array";
import type { ViewState } from "./view_state";
import { perCent } from "./words";

/** Palettes of the Analysis Function: sequential, and two of its hues either side of no change. */
const SEQUENTIAL = ["#D6E8F8", "#ADD1F1", "#6BACE6", "#2073BC", "#12436D", "#06121E"];
const DIVERGING = ["#12436D", "#6BACE6", "#E3E3E3", "#D98CB3", "#801650"];
export const MISSING = "#F2F2F2";
const MISSING_WAY = "#D9D9D9"; // grey: the direction is not known

export interface Classes {
  colours: string[];
  /** Edges between neighbouring classes; a value on an edge belongs to the class above it. */
  edges: number[];
  labels: string[];
}

export function classOf(value: number, classes: Classes): number {
  if (Number.isNaN(value)) return -1;
  let found = 0;
  while (found < classes.edges.length && value >= classes.edges[found]) found++;
  return found;
}

export function classesOf(values: number[], measure: ViewState["measure"]): Classes {
  if (values.every(Number.isNaN)) return { colours: [], edges: [], labels: [] };
  const known = values.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  if (measure === "direction") return waysAround();
  return measure === "change" ? aroundNone() : shares(known, measure);
}

/** Classes at shares of the areas that also show the top apart, at edges that are easy to read; fewer where values crowd. */
function shares(sorted: number[], measure: ViewState["measure"]): Classes {
  const [least, most] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0];
  const quantiles = [0.2, 0.4, 0.6, 0.8, 0.97].map((share) => quantileSorted(sorted, share) ?? 0);
  // As many digits as it takes to keep the edges apart.
  const rounded = [2, 3, 4].map((digits) => unique(quantiles.map((value) => Number(value.toPrecision(digits)))));
  const wanted = unique(quantiles).length;
  const edges = (rounded.find((some) => some.length === wanted) ?? rounded[2]).filter(
    (edge) => edge > least && edge <= most,
  );
  const colours = SEQUENTIAL.slice(SEQUENTIAL.length - 1 - edges.length);
  const say = measure === "width" ? (value: number) => perCent(value) : plain;
  const labels = colours.map((_, place) =>
    edges.length === 0
      ? range(say(least), say(most))
      : place === 0
        ? `Under ${say(edges[0])}`
        : place === edges.length
          ? range(say(edges[place - 1]), say(most))
          : `${say(edges[place - 1])} to under ${say(edges[place])}`,
  );
  return { colours, edges, labels };
}

/** A value of the change map that stands for a direction that is not known. */
export const CANNOT_TELL = Infinity;

/** Fixed classes either side of no change, the same on every map, and grey where the direction is not known. */
function aroundNone(): Classes {
  return {
    colours: [...DIVERGING, MISSING_WAY],
    edges: [-0.2, -0.05, 0.05, 0.2, Number.MAX_VALUE],
    labels: [
      "Fall of over 20\u00a0%",
      "Fall of 5 to 20\u00a0%",
      "Within 5\u00a0% either way",
      "Rise of 5 to 20\u00a0%",
      "Rise of 20\u00a0% or more",
      "Cannot tell which way",
    ],
  };
}

/** Chances of a rise: likely down, cannot tell, likely up. */
function waysAround(): Classes {
  return {
    colours: [DIVERGING[0], MISSING_WAY, DIVERGING[4]],
    edges: [0.25, 0.7500001],
    labels: ["Likely down (chance 3 in 4 or more)", "Cannot tell", "Likely up (chance 3 in 4 or more)"],
  };
}

function unique(values: number[]): number[] {
  return [...new Set(values)];
}

function range(low: string, high: string): string {
  return low === high ? low : `${low} to ${high}`;
}

function plain(value: number): string {
  return value.toLocaleString("en-GB", { maximumSignificantDigits: 4 });
}
