/** Every crime type of one area: the last twelve months, the next, and how sure that is. Columns: `year-ahead.js`. */

import { chanceOfMore, tenths } from "../data/chance";
import type { Columns } from "../data/columns";
import { told } from "../data/crime_data";
import { element } from "../elements/dom";
import { FEW, type Shown } from "../data/measures";
import { plainTable, type Change } from "../elements/plain_table";
import type { Crime } from "../data/release";
import { isolated, perCent, whole } from "../data/words";

export interface TypeRow {
  crime: Crime;
  recorded: number;
  middle: number;
  chance: number;
  expected: number;
  low: number;
  high: number;
  change: number;
}

export function typeRows(shown: Shown, yearAhead: Columns, area: number): TypeRow[] {
  const [mean, quantiles, recorded] = ["mean", "quantiles", "recorded"].map((name) => yearAhead.find(name));
  if (!mean || !quantiles || !recorded) return [];
  const areas = mean.shape[1];
  const cells = mean.shape[0] * areas;
  return shown.release.crimes
    .map((crime, number) => {
      const place = number * areas + area;
      const [before, expected] = [recorded.values[place], mean.values[place]];
      const figures = told(expected, quantiles, place, cells);
      const comparable = before >= FEW ? before : NaN;
      return {
        crime,
        recorded: before,
        middle: figures.q50,
        chance: chanceOfMore(figures, comparable),
        expected,
        low: figures.q10,
        high: figures.q90,
        change: figures.q50 / comparable - 1,
      };
    })
    .filter((row) => !Number.isNaN(row.expected));
}

export function typesHere(shown: Shown, yearAhead: Columns, change: Change): HTMLElement {
  // Minor types of the shown major type only: all of them would be a page of their own.
  const told = typeRows(shown, yearAhead, shown.area).filter(
    ({ crime }) => crime.level !== "minor" || crime.major === shown.crime.major,
  );
  const rows = told.map((row) => [
    element(
      "button",
      { type: "button", class: `plain-button ${row.crime.level}`, click: () => change({ crime: row.crime.id }) },
      isolated(row.crime.name),
    ),
    ...typeCells(row),
  ]);
  return plainTable(TYPE_HEADER, rows);
}

export const TYPE_HEADER = ["Crime type", "Recorded", "Middle forecast", "8 in 10 range", "Change", "Chance of a rise"];

export function typeCells(row: TypeRow): string[] {
  return [
    whole(row.recorded),
    whole(row.middle),
    `${whole(row.low)} to ${whole(row.high)}`,
    perCent(row.change, true),
    tenths(row.chance),
  ];
}
