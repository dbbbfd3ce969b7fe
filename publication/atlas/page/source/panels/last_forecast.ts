/** How past forecasts did: the last twelve months against what was forecast of them a year before, and in general. */

import { withButtons } from "../export/chart_buttons";
import { element } from "../elements/dom";
import { lastTwelve } from "../data/finding";
import type { Shown } from "../data/measures";
import { pastChart } from "../charts/past_chart";
import { levelOf } from "../data/release";
import { areaTitle, capital, later, LEVEL_NAMES, LEVEL_PLURALS, perCent, shortMonth, whole } from "../data/words";

export function lastForecast(shown: Shown, wide: number): HTMLElement {
  const general = accuracyNote(shown);
  return element("div", {}, ...here(shown, wide), general ? element("p", {}, general) : null);
}

/** One sentence: what was forecast of the last twelve months, what was recorded, inside the interval or not. */
export function verdict(shown: Shown, area: number): string {
  const forecast = shown.data.expectedBefore(area);
  const recorded = shown.data.recorded(area);
  if (Number.isNaN(forecast.mean) || Number.isNaN(recorded)) return "";
  const inside = recorded >= forecast.q10 && recorded <= forecast.q90;
  const where = inside ? "inside" : recorded < forecast.q10 ? "below" : "above";
  return `A year before, the middle forecast for ${lastTwelve(shown)} was ${whole(forecast.q50)}, with an 8 in 10 range of ${whole(forecast.q10)} to ${whole(forecast.q90)}. ${whole(recorded)} were recorded: ${where} the range.`;
}

/** How past forecasts of whole years came in at this level, by years ahead: numbers in place of "less proven". */
export function yearsRecord(shown: Shown): string {
  const { release, area, crime } = shown;
  const level = levelOf(release, area);
  const types = crime.level === "group" ? "major" : crime.level;
  // Wards are in no record of whole years: their boroughs are the nearest.
  const told = level === "ward" ? "borough" : level;
  const rows = release.record.filter((row) => row.area_level === told && row.crime_level === types);
  const ahead = release.years.map((_, index) => rows.find((row) => row.years_ahead === index + 1));
  if (!ahead.some(Boolean)) return "";
  const kinds = { all: "all crime together", major: "major types", minor: "minor types" }[types];
  const where = { force: "the force", bcu: "BCUs", borough: "boroughs", unlocated: "" }[told];
  const parts = ahead.map((row, index) => {
    const year = `year ${index + 1}`;
    if (!row) return `${year}: could not be scored`;
    const missed = row.error === undefined ? "" : `, the middle one missing by ${perCent(row.error)}`;
    const share = row.cells < 10 ? "" : ` (${perCent(row.inside / row.cells)})`;
    return `${year}: ${whole(row.inside)} of ${whole(row.cells)}${share}${missed}`;
  });
  return `How past forecasts did, ${kinds} in ${where}, whole years inside their 8 in 10 range. ${capital(parts.join("; "))}. About 8 in 10 should; years of one forecast move together.`;
}

function here(shown: Shown, wide: number): HTMLElement[] {
  const { data, area, release, crime } = shown;
  const said = verdict(shown, area);
  if (!data.hasLastYear || !said)
    return [element("p", {}, "This release has no forecast made a year ago for this area and type.")];
  const first = later(release.origin, -11);
  const months = Array.from({ length: 12 }, (_, month) => ({
    label: shortMonth(later(first, month)).slice(0, 3),
    recorded: data.recordedIn(area, data.recordedMonths - 12 + month),
    forecast: data.expectedBefore(area, month),
  }));
  const within = months.filter(({ recorded, forecast }) => recorded >= forecast.q10 && recorded <= forecast.q90).length;
  const told = months.filter(({ recorded, forecast }) => !Number.isNaN(recorded) && !Number.isNaN(forecast.q10)).length;
  const label = `${crime.name} in ${areaTitle(release, area)}: ${within} of ${told} months were inside the 80 % interval forecast a year before.`;
  return [
    element("p", {}, said),
    ...(told
      ? [
          withButtons(
            shown,
            element(
              "figure",
              { class: "figure" },
              element(
                "figcaption",
                {},
                `Offences a month; ${within} of ${told} months were inside`,
                element(
                  "span",
                  { class: "chart-key" },
                  element("span", { class: "dot-key", style: "--colour:#3D3D3D" }, "Recorded"),
                  element("span", { class: "band-key", style: "--colour:#6BACE6" }, "8 in 10 range of a year before"),
                  element("span", { class: "line-key", style: "--colour:#801650" }, "Middle forecast of a year before"),
                ),
              ),
              pastChart(label, months, wide),
            ),
            `Last year against its forecast: ${crime.name}, ${areaTitle(release, area)}`,
            ["month", "recorded", "median", "q10", "q90"],
            months.map(({ recorded, forecast }, at) => [
              later(first, at),
              recorded,
              forecast.q50,
              forecast.q10,
              forecast.q90,
            ]),
          ),
        ]
      : []),
  ];
}

function accuracyNote(shown: Shown): string {
  const level = levelOf(shown.release, shown.area);
  const found = shown.release.accuracy.find((row) => row.area_level === level && row.crime_level === shown.crime.level);
  if (!found || found.wape === undefined) return "";
  const beside =
    found.naive_wape === undefined
      ? ""
      : `; repeating the year before would have missed by ${perCent(found.naive_wape)}`;
  const floor = found.floor === undefined ? "" : `, and chance alone makes ${perCent(found.floor)} unavoidable`;
  const held =
    found.coverage_80_randomised === undefined
      ? ""
      : ` The 80\u00a0% intervals held ${perCent(found.coverage_80_randomised)} of what happened.`;
  const types = { all: "all crime together", group: "the group", major: "major types", minor: "minor types" }[
    shown.crime.level
  ];
  const plural = { ...LEVEL_PLURALS, force: "the force", unlocated: "" }[level];
  return `In general, for ${types} by month in ${plural || LEVEL_NAMES[level]}, past forecasts missed by ${perCent(found.wape)} of the number recorded${beside}${floor}.${held}`;
}
