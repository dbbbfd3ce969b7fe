/** Classes of a map: where one colour ends and the next begins. */

import { quantileSorted } from "d3-array";
import type { ViewState } from "./view_state";
import { perCent, roundPerCent } from "./words";

/** Palettes of the Analysis Function: sequential, and two of its hues either side of no change. */
const SEQUENTIAL = ["#ADD1F1", "#6BACE6", "#2073BC", "#12436D", "#092135"];
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
  return measure === "change" ? aroundZero(known) : fifths(known, measure);
}

/** Five classes with about as many areas each, at edges that are easy to read; fewer where values crowd. */
function fifths(sorted: number[], measure: ViewState["measure"]): Classes {
  const quantiles = [0.2, 0.4, 0.6, 0.8].map((share) => quantileSorted(sorted, share) ?? 0);
  // As many digits as it takes to keep the edges apart.
  const rounded = [2, 3, 4].map((digits) => unique(quantiles.map((value) => Number(value.toPrecision(digits)))));
  const wanted = unique(quantiles).length;
  const edges = (rounded.find((some) => some.length === wanted) ?? rounded[2]).filter(
    (edge) => edge > (sorted[0] ?? 0) && edge <= (sorted[sorted.length - 1] ?? 0),
  );
  const colours = edges.length === 4 ? SEQUENTIAL : SEQUENTIAL.slice(0, edges.length + 1);
  const say = measure === "width" ? (value: number) => perCent(value) : plain;
  const labels = colours.map((_, place) =>
    edges.length === 0
      ? range(say(sorted[0]), say(sorted[sorted.length - 1]))
      : place === 0
        ? `Under ${say(edges[0])}`
        : place === edges.length
          ? `${say(edges[place - 1])} or more`
          : `${say(edges[place - 1])} to under ${say(edges[place])}`,
  );
  return { colours, edges, labels };
}

/** Classes of equal steps either side of no change; the step follows the middle size of the changes. */
function aroundZero(sorted: number[]): Classes {
  const sizes = sorted.map(Math.abs).sort((one, other) => one - other);
  const usual = quantileSorted(sizes, 0.5) ?? 0;
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => one >= usual * 0.8) ?? 1;
  const edges = [-2 * step, -step, step, 2 * step];
  const [far, near] = [roundPerCent(2 * step).slice(1), roundPerCent(step).slice(1)];
  const labels = [
    `Fall of over ${far}`,
    `Fall of ${near} to ${far}`,
    `Within ${near} either way`,
    `Rise of ${near} to ${far}`,
    `Rise of ${far} or more`,
  ];
  return { colours: DIVERGING, edges, labels };
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
