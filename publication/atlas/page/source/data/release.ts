/** What the page knows before any figure arrives; written by `release_index.py`. */

export type Level = "ward" | "borough" | "bcu" | "force" | "unlocated";
export type ShownLevel = "ward" | "borough" | "bcu";
export type Basis = "victim" | "suspect";

export interface AgeQuality {
  quality: "measured" | "few" | "proxy" | "none" | "mixed";
  source: string;
  notes: string[];
}

export interface Crime {
  id: string;
  level: "all" | "group" | "major" | "minor";
  type: string;
  /** The minor types it is made of. */
  minors: string[];
  name: string;
  major: string;
  finest: "ward" | "borough" | "bcu" | "force";
  weight: number | null;
  ages: Partial<Record<Basis, AgeQuality>> | null;
}

export interface Accuracy {
  area_level: string;
  crime_level: string;
  wape?: number;
  naive_wape?: number;
  floor?: number;
  bias?: number;
  coverage_80_randomised?: number;
}

export interface YearsRecord {
  area_level: string;
  crime_level: string;
  years_ahead: number;
  origins: number;
  cells: number;
  inside: number;
  error?: number;
}

export interface Release {
  name: string;
  force: { name: string; simulated: boolean };
  base: string;
  audience: "open" | "internal";
  origin: string;
  vintage: string;
  code: string;
  run: string;
  made: string;
  /** Whom to ask, or empty. */
  contact: string;
  scenarios: string[];
  years: string[];
  months: string[];
  history: { first: string; months: number };
  areas: { level: Level[]; code: string[]; name: string[]; borough: number[]; bcu: number[] };
  marks: string[];
  /** Whether there is a file of posts by ward. */
  posts: boolean;
  /** Breaks in recording: of a minor type, or of `all`; `last` is empty where a break goes on. */
  breaks: { event: string; kind: "disruption" | "coverage" | "step"; type: string; first: string; last: string }[];
  /** What figures of a level count: `all recorded` or `located`. */
  measures: Record<Exclude<Level, "unlocated">, string>;
  /** Of each area the first month of the history from which all that it counts was published. */
  whole_from: number[];
  map: { width: number; height: number; middle: [number, number][]; ward: string[]; borough: string[]; bcu: string[] };
  crimes: Crime[];
  /** Wards that are gone: name, and [row, per cent of its residents] of each ward that holds them now. */
  former: [string, [number, number][]][];
  /** How many postcodes `postcodes.js` holds; none if there is no such file. */
  postcodes: number;
  /** How whole years of past forecasts came in. */
  record: YearsRecord[];
  protected: string[];
  /** The share of the force's severity that is of protected types. */
  protected_harm: number;
  groups: [Basis, string][];
  steps: { step: string; name: string }[];
  accuracy: Accuracy[];
}

/** The row of the first area of a level, and how many there are. */
export function rowsOf(release: Release, level: Level): number[] {
  return release.areas.level.flatMap((one, row) => (one === level ? [row] : []));
}

export function levelOf(release: Release, row: number): Level {
  return release.areas.level[row];
}

export function forceRow(release: Release): number {
  return release.areas.level.indexOf("force");
}

/** The rows of an area's parents, nearest first, the force last. */
export function parentsOf(release: Release, row: number): number[] {
  const { borough, bcu } = release.areas;
  const force = forceRow(release);
  return [borough[row], bcu[row], force].filter((parent) => parent >= 0 && parent !== row);
}

/** Whether an area is the other one or lies in it. */
export function liesIn(release: Release, row: number, other: number): boolean {
  return row === other || parentsOf(release, row).includes(other);
}
