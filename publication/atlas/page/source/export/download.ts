/** What is shown, as files: a CSV of the areas, and pictures of map and chart. */

import { areaRows, sorted } from "../panels/area_table";
import type { Shown } from "../data/measures";
import { figuresOf, rateWarning, residentsOf, measured, whyMissing } from "../data/measures";
import { parentsOf, levelOf } from "../data/release";
import { ageOf } from "../data/view_state";

/** Every area of the shown level, with all that the atlas holds of the view. */
export function csvOf(shown: Shown): string {
  const { release, state, crime, period } = shown;
  const age = ageOf(state);
  const header = [
    "release",
    "force",
    "scenario",
    "crime_level",
    "crime_type",
    "age_basis",
    "age_group",
    "period",
    "month",
    "area_level",
    "area_code",
    "area_name",
    "borough_name",
    "bcu_name",
    "recorded_year_before",
    "mean",
    "q025",
    "q10",
    "q25",
    "q50",
    "q75",
    "q90",
    "q975",
    "change_of_median",
    "chance_of_rise",
    "residents",
    "rate_per_1000",
    "severity_weighted",
    "width_80_share",
    "measure_shown",
    "value_shown",
    "note",
  ];
  const rows = sorted(shown, areaRows(shown)).map((row) => {
    const figures = figuresOf(shown, row.area);
    const named = (level: string): string => {
      const parent = parentsOf(release, row.area).find((one) => levelOf(release, one) === level);
      return levelOf(release, row.area) === level
        ? release.areas.name[row.area]
        : parent === undefined
          ? ""
          : release.areas.name[parent];
    };
    const value = measured(shown, row.area);
    const note = [Number.isNaN(value) ? whyMissing(shown, row.area) : "", rateWarning(shown, row.area)]
      .filter(Boolean)
      .join(" ");
    return [
      release.name,
      release.force.name + (release.force.simulated ? " (SIMULATED)" : ""),
      state.scenario,
      crime.level,
      crime.type,
      age?.basis ?? "",
      age?.group ?? "all",
      period.kind,
      period.kind === "year" ? release.years[period.index] : release.months[period.index],
      state.level,
      release.areas.code[row.area],
      release.areas.name[row.area],
      named("borough"),
      named("bcu"),
      row.recorded,
      figures.mean,
      figures.q025,
      figures.q10,
      figures.q25,
      figures.q50,
      figures.q75,
      figures.q90,
      figures.q975,
      row.change,
      row.chance,
      residentsOf(shown, row.area),
      row.rate,
      row.severity,
      row.width,
      state.measure,
      value,
      note,
    ];
  });
  return csvText([header, ...rows]);
}

/** Rows as the text of a CSV file that spreadsheets read as UTF-8. */
export function csvText(rows: (string | number)[][]): string {
  return `\ufeff${rows.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** The name of a download: what it is of, and the marks that must go with it. */
export function fileName(shown: Shown, what: string, ending: string): string {
  const { release, crime, state } = shown;
  const marks = [release.force.simulated ? "SIMULATED" : "", release.audience === "internal" ? "INTERNAL" : ""].filter(
    Boolean,
  );
  return [release.name, what, crime.id, state.measure, state.period, ...marks].join("-") + ending;
}

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** One cell: a text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number): string {
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(Number(value.toPrecision(10)));
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
