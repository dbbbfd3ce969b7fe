/** Breaks in recording: marked on charts, and taken out of comparisons where a step fell within the last year. */

import { type Shown, countsAll, figuresOf, recordedBefore } from "./measures";
import { levelOf, forceRow, rowsOf, type Release } from "./release";
import { LEVEL_NAMES, monthName, perCent, whole } from "./words";

const LATE = 3; // months: a step so soon after the year began is in the year as it is
const FEWEST_MONTHS = 3; // since a step, from which a pace can be told

type Break = Release["breaks"][number];

/** The breaks that touch the figures shown; lost places do not touch figures that count offences without one. */
export function breaksOf(shown: Shown): Break[] {
  const { release, crime, area } = shown;
  return release.breaks.filter(
    ({ type, kind }) =>
      (type === "all" || crime.minors.includes(type)) && !(kind === "coverage" && countsAll(shown, area)),
  );
}

/** A line and a word for each break of a chart that begins in a month; one event of many types is told once. */
export function breakMarks(shown: Shown, first: string, months: number): { at: number; text: string }[] {
  const marks = new Map<string, { at: number; text: string }>();
  for (const one of breaksOf(shown)) {
    const at = monthsFrom(first, one.first);
    if (at >= 0 && at < months) marks.set(one.event + one.first, { at, text: one.event });
  }
  const whole_ = shown.release.whole_from[shown.area];
  const at = whole_ - monthsFrom(shown.release.history.first, first);
  if (countsAll(shown, shown.area) && at > 0 && at < months)
    marks.set("whole", { at, text: `${LEVEL_NAMES.unlocated} counted` });
  return [...marks.values()].sort((one, other) => one.at - other.at);
}

/** Sentences: next year against the pace since a step, and a ward's change without the lost locations. */
export function adjustedNotes(shown: Shown, area: number): string[] {
  return [...stepNotes(shown, area), lostNote(shown, area)].filter(Boolean);
}

function stepNotes(shown: Shown, area: number): string[] {
  const { data, release, period } = shown;
  if (period.kind !== "year") return [];
  const before = recordedBefore(shown, area);
  const middle = figuresOf(shown, area).q50;
  if (!(before > 0) || Number.isNaN(middle)) return [];
  return breaksOf(shown)
    .filter(({ kind, type }) => kind === "step" && type !== "all")
    .flatMap(({ event, first, type }) => {
      const since = monthsFrom(first, release.origin) + 1;
      if (since < FEWEST_MONTHS || since > 12 - LATE) return [];
      const name = type.charAt(0) + type.slice(1).toLowerCase();
      if (shown.crime.minors.length > 1)
        return [
          `Adjusted: ${name}, which is counted here, took a step in ${monthName(first)} (${event.toLowerCase()}).`,
        ];
      let sum = 0;
      for (let month = data.recordedMonths - since; month < data.recordedMonths; month++)
        sum += data.recordedIn(area, month);
      const pace = (sum * 12) / since;
      if (!(pace >= 10)) return [];
      return [
        `Adjusted for the step of ${monthName(first)} (${event.toLowerCase()}): ${perCent(middle / pace - 1, true)} on the pace of the ${since} months since it (${whole(pace)} a year).`,
      ];
    });
}

/** Where more offences lost their ward last year than are to lose it, wards seem to rise by that much. */
function lostNote(shown: Shown, area: number): string {
  const { release, data, period, state } = shown;
  if (levelOf(release, area) !== "ward" || period.kind !== "year") return "";
  const force = forceRow(release);
  if (!countsAll(shown, force)) return "";
  const rows = rowsOf(release, "unlocated");
  const total = (values: number[]): number => values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
  const lost = total(rows.map((row) => recordedBefore(shown, row))) / recordedBefore(shown, force);
  const ahead =
    total(rows.map((row) => data.expected(row, period, state.scenario).mean)) /
    data.expected(force, period, state.scenario).mean;
  const before = recordedBefore(shown, area);
  const middle = figuresOf(shown, area).q50;
  if (!(before >= 10) || !(Math.abs(lost - ahead) >= 0.005)) return "";
  const adjusted = (middle / before) * ((1 - lost) / (1 - ahead)) - 1;
  return `Across the force ${perCent(lost)} of these offences had no known ward in the last 12 months, and ${perCent(ahead)} are expected to have none: adjusted for that, the change here is ${perCent(adjusted, true)}.`;
}

/** How many months one month lies after another. */
export function monthsFrom(first: string, month: string): number {
  const number = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return number(month) - number(first);
}
