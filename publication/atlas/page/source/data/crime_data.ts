/** The figures of one crime type: what was recorded, what is expected, how sure that is. Columns: `crime_columns.py`. */

import type { Column, Columns } from "./columns";

/** A block of twelve months or a single month, by its place in the forecast. */
export interface Period {
  kind: "year" | "month";
  index: number;
}

/** An expectation with the edges of its intervals; edges that are not told are NaN. */
export interface Figures {
  mean: number;
  q025: number;
  q10: number;
  q25: number;
  q50: number;
  q75: number;
  q90: number;
  q975: number;
}

const SEVEN = ["q025", "q10", "q25", "q50", "q75", "q90", "q975"] as const;
const THREE = ["q10", "q50", "q90"] as const;
const NOTHING: Figures = { mean: NaN, q025: NaN, q10: NaN, q25: NaN, q50: NaN, q75: NaN, q90: NaN, q975: NaN };

export class CrimeData {
  constructor(
    private readonly columns: Columns,
    private readonly ages: Columns | undefined,
    readonly weight: number | null,
  ) {}

  expected(area: number, period: Period, scenario: string): Figures {
    return this.figures(period.kind === "year" ? `year.${scenario}` : "month", area, period.index);
  }

  /** Expected with a person of an age group, by year; `group` is a place in the release's groups. */
  expectedOfAge(group: number, area: number, year: number): Figures {
    const mean = this.ages?.find("age.mean");
    const quantiles = this.ages?.find("age.quantiles");
    if (!mean || !quantiles) return NOTHING;
    const [groups, areas, years] = mean.shape;
    const place = (group * areas + area) * years + year;
    return told(mean.values[place], quantiles, place, groups * areas * years);
  }

  /** What was expected of the last twelve months a year before; month -1 for all twelve. */
  expectedBefore(area: number, month = -1): Figures {
    return month < 0 ? this.figures("last_year.year", area, 0) : this.figures("last_year.month", area, month);
  }

  get hasLastYear(): boolean {
    return this.columns.has("last_year.year.mean");
  }

  /** By how much a scenario differs from the first. */
  difference(area: number, year: number, scenario: string): Figures {
    return this.figures(`difference.${scenario}`, area, year);
  }

  severity(area: number, period: Period, scenario: string): number {
    if (this.weight !== null) return this.weight * this.expected(area, period, scenario).mean;
    const name = period.kind === "year" ? `severity.year.${scenario}.mean` : "severity.month.mean";
    return at(this.columns.find(name), area, period.index);
  }

  /** Offences recorded in the last twelve months. */
  recorded(area: number): number {
    return this.columns.find("recorded")?.values[area] ?? NaN;
  }

  /** Offences recorded in a month, counted from the first told. */
  recordedIn(area: number, month: number): number {
    return at(this.columns.find("history"), area, month);
  }

  get recordedMonths(): number {
    return this.columns.find("history")?.shape[1] ?? 0;
  }

  /** The steps from the last recorded year to a forecast year; empty where they are not told. */
  drivers(area: number, year: number): number[] {
    const column = this.columns.find("drivers");
    if (!column) return [];
    const [steps, areas, years] = column.shape;
    const parts = Array.from({ length: steps }, (_, step) => column.values[(step * areas + area) * years + year]);
    return parts.some(Number.isNaN) ? [] : parts;
  }

  private figures(name: string, area: number, time: number): Figures {
    const mean = this.columns.find(`${name}.mean`);
    const quantiles = this.columns.find(`${name}.quantiles`);
    if (!mean || !quantiles || time >= mean.shape[1]) return NOTHING;
    const place = area * mean.shape[1] + time;
    return told(mean.values[place], quantiles, place, mean.shape[0] * mean.shape[1]);
  }
}

/** An expectation with the quantiles that stand at a place of each rung. */
export function told(mean: number, quantiles: Column, place: number, cells: number): Figures {
  const figures = { ...NOTHING, mean };
  const names = quantiles.shape[0] === SEVEN.length ? SEVEN : THREE;
  names.forEach((name, rung) => (figures[name] = quantiles.values[rung * cells + place]));
  return figures;
}

function at(column: Column | undefined, area: number, time: number): number {
  return column && time < column.shape[1] ? column.values[area * column.shape[1] + time] : NaN;
}
