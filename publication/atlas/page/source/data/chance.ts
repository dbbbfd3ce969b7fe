/** The direction of a change, from the chance of it: `publication/numbers/chance.py` says the same of the pages. */

import type { Figures } from "./crime_data";

const LIKELY = 0.75; // chance from which a direction is named
const NEARLY_SURE = 0.95;
/** Normal scores of the quantiles. */
const SCORES = { q025: -1.95996, q10: -1.28155, q25: -0.67449, q50: 0, q75: 0.67449, q90: 1.28155, q975: 1.95996 };

export type Direction = "up" | "down" | "either" | "";

/** The chance that more is to come than a number; between quantiles the distribution is normal in pieces. */
export function chanceOfMore(figures: Figures, before: number): number {
  const rungs = (Object.keys(SCORES) as (keyof typeof SCORES)[])
    .map((name) => ({ value: figures[name], score: SCORES[name] }))
    .filter(({ value }) => !Number.isNaN(value));
  if (Number.isNaN(before) || rungs.length < 3) return NaN;
  return 1 - normal(scoreOf(before, rungs));
}

type Rung = { value: number; score: number };

function scoreOf(value: number, rungs: Rung[]): number {
  const below = rungs.filter((rung) => rung.value < value);
  const upTo = rungs.filter((rung) => rung.value <= value);
  const middle = rungs[(rungs.length - 1) / 2].value;
  const outermost = rungs[rungs.length - 1];
  if (upTo.length > below.length) return (rungs[below.length].score + upTo[upTo.length - 1].score) / 2;
  if (below.length === 0 || below.length === rungs.length) {
    const edge = below.length ? outermost.value - middle : middle - rungs[0].value;
    return ((value - middle) / Math.max(edge, 0.5)) * outermost.score;
  }
  const [left, right] = [rungs[below.length - 1], rungs[below.length]];
  return left.score + ((right.score - left.score) * (value - left.value)) / (right.value - left.value);
}

/** The normal distribution function (Abramowitz and Stegun 1964, 7.1.26; error below 0.0000002). */
function normal(score: number): number {
  const size = Math.abs(score) / Math.SQRT2;
  const step = 1 / (1 + 0.3275911 * size);
  const tail =
    step *
    (0.254829592 + step * (-0.284496736 + step * (1.421413741 + step * (-1.453152027 + step * 1.061405429)))) *
    Math.exp(-size * size);
  return score < 0 ? tail / 2 : 1 - tail / 2;
}

/** A chance as a reader meets it: `4 in 10`. */
export function tenths(chance: number): string {
  if (Number.isNaN(chance)) return "\u2013";
  if (chance < 1 - NEARLY_SURE) return "under 1 in 20";
  if (chance > NEARLY_SURE) return "over 19 in 20";
  return `${Math.min(Math.max(Math.floor(10 * chance + 0.5), 1), 9)} in 10`;
}

export function directionOf(chance: number): Direction {
  if (Number.isNaN(chance)) return "";
  return chance >= LIKELY ? "up" : chance <= 1 - LIKELY ? "down" : "either";
}

/** `likely to rise (chance 8 in 10)`. */
export function outlookInWords(chance: number): string {
  switch (directionOf(chance)) {
    case "up":
      return `likely to rise (chance ${tenths(chance)})`;
    case "down":
      return `likely to fall (chance ${tenths(1 - chance)})`;
    default:
      return `could go either way (chance of a rise ${tenths(chance)})`;
  }
}
