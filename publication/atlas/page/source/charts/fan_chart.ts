/** Recorded offences by month, then the expectation with its fan of 50, 80 and 95 % intervals. */

import { area, line } from "d3-shape";
import { frame, labelled } from "./chart_frame";
import type { Figures } from "../data/crime_data";
import { drawn } from "../elements/dom";
import { later } from "../data/words";

export const FAN = [
  { low: "q025", high: "q975", name: "95 %", colour: "#ADD1F1" },
  { low: "q10", high: "q90", name: "80 %", colour: "#6BACE6" },
  { low: "q25", high: "q75", name: "50 %", colour: "#2073BC" },
] as const;
export const RECORDED = "#3D3D3D";
export const EXPECTED = "#801650";

export interface Series {
  /** First month of `recorded`, as `2020-04`. */
  first: string;
  recorded: number[];
  ahead: Figures[];
  /** Breaks in recording, by place among the months. */
  breaks?: { at: number; text: string }[];
}

/** A chart of months; the fan starts at the last month seen, so that it grows out of the line. */
export function fanChart(label: string, series: Series, wide: number, high = 300): SVGSVGElement {
  const { recorded, ahead } = series;
  const seen = recorded.length - 1;
  const values = [...recorded, ...ahead.map((one) => (Number.isNaN(one.q975) ? one.mean : one.q975))];
  const highest = Math.max(1, ...values.filter((value) => !Number.isNaN(value)));
  const chart = frame(label, wide, high, [0, Math.max(1, seen + ahead.length)], [0, highest]);
  const last = recorded[seen];
  const start: Figures = { mean: last, q025: last, q10: last, q25: last, q50: last, q75: last, q90: last, q975: last };
  const fan = [start, ...ahead]
    .map((one, step) => ({ ...one, place: seen + step }))
    .filter((one) => !Number.isNaN(one.mean));
  for (const { low, high: top, colour } of FAN) {
    const band = area<(typeof fan)[number]>()
      .defined((one) => !Number.isNaN(one[low]))
      .x((one) => chart.x(one.place))
      .y0((one) => chart.y(one[low]))
      .y1((one) => chart.y(one[top]));
    chart.svg.append(drawn("path", { d: band(fan) ?? "", fill: colour }));
  }
  // The pale outer band has under 3:1 on white: its edges are drawn.
  for (const edge of ["q025", "q975"] as const) {
    const outer = line<(typeof fan)[number]>()
      .defined((one) => !Number.isNaN(one[edge]))
      .x((one) => chart.x(one.place))
      .y((one) => chart.y(one[edge]));
    chart.svg.append(drawn("path", { d: outer(fan) ?? "", fill: "none", stroke: "#2073BC", "stroke-width": 0.8 }));
  }
  const path = line<[number, number]>()
    .defined(([, value]) => !Number.isNaN(value))
    .x(([at]) => chart.x(at))
    .y(([, value]) => chart.y(value));
  const expected = fan.map((one): [number, number] => [one.place, Number.isNaN(one.q50) ? one.mean : one.q50]);
  const past = recorded.map((value, at): [number, number] => [at, value]);
  chart.svg.append(
    // White under the dashes, which else are too close in lightness to the middle band.
    drawn("path", { d: path(expected) ?? "", fill: "none", stroke: "#FFFFFF", "stroke-width": 4.5 }),
    drawn("path", {
      d: path(expected) ?? "",
      fill: "none",
      stroke: EXPECTED,
      "stroke-width": 2.2,
      "stroke-dasharray": "7 3",
    }),
    drawn("path", { d: path(past) ?? "", fill: "none", stroke: RECORDED, "stroke-width": 1.8 }),
  );
  mark(seen, "Forecast", 14);
  if (ahead.length > 12) mark(seen + 12, "Year 2 on", 31);
  (series.breaks ?? []).forEach(({ at, text }, number) => breakLine(at, text, chart.bottom - 6 - 16 * (number % 3)));
  const januaries = Array.from({ length: seen + ahead.length + 1 }, (_, at) => at).filter((at) =>
    later(series.first, at).endsWith("-01"),
  );
  labelled(
    chart,
    januaries.map((at) => [at, later(series.first, at).slice(0, 4)]),
  );
  return chart.svg;

  /** A dotted line with its word on white, low in the chart, turned to the side that has room. */
  function breakLine(at: number, text: string, y: number): void {
    const x = chart.x(at);
    const room = 7 * text.length;
    const left = x + room > chart.right;
    chart.svg.append(
      drawn("line", { x1: x, x2: x, y1: chart.top, y2: chart.bottom, stroke: "#3D3D3D", "stroke-dasharray": "1 3" }),
      drawn("rect", {
        x: left ? x - room - 4 : x + 2,
        y: y - 12,
        width: room,
        height: 15,
        fill: "#FFFFFF",
        opacity: 0.85,
      }),
      drawn(
        "text",
        { x: left ? x - 4 : x + 4, y, "font-size": 12, "text-anchor": left ? "end" : "start", fill: "#3D3D3D" },
        text,
      ),
    );
  }

  function mark(at: number, text: string, y: number): void {
    const x = chart.x(at);
    chart.svg.append(
      drawn("line", { x1: x, x2: x, y1: y - 10, y2: chart.bottom, stroke: "#3D3D3D", "stroke-dasharray": "2 3" }),
      drawn("text", { x: x + 4, y, fill: "#3D3D3D" }, text),
    );
  }
}
