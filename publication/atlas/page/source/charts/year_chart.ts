/** Offences by year: bars of what was recorded, then the expectation with its 80 % interval. For ages and scenarios. */

import { frame, labelled } from "./chart_frame";
import type { Figures } from "../data/crime_data";
import { drawn } from "../elements/dom";
import { EXPECTED } from "./fan_chart";

export interface Year {
  label: string;
  recorded: number;
  expected: Figures | null;
}

export function yearChart(label: string, years: Year[], wide: number, high = 260): SVGSVGElement {
  const values = years.flatMap((year) => [year.recorded, year.expected?.mean ?? NaN, year.expected?.q90 ?? NaN]);
  const highest = Math.max(1, ...values.filter((value) => !Number.isNaN(value)));
  const chart = frame(label, wide, high, [-0.6, years.length - 0.4], [0, highest]);
  const half = Math.min(28, 0.35 * (chart.x(1) - chart.x(0)));
  years.forEach((year, at) => {
    const x = chart.x(at);
    if (!Number.isNaN(year.recorded)) chart.svg.append(bar(x, year.recorded, "#3D3D3D"));
    if (!year.expected || Number.isNaN(year.expected.mean)) return;
    const { mean, q10, q50, q90 } = year.expected;
    chart.svg.append(bar(x, Number.isNaN(q50) ? mean : q50, "#ADD1F1", "#2073BC"));
    if (Number.isNaN(q10)) return;
    for (const [x1, x2, y1, y2] of [
      [x, x, q10, q90],
      [x - 6, x + 6, q10, q10],
      [x - 6, x + 6, q90, q90],
    ]) {
      chart.svg.append(
        drawn("line", { x1, x2, y1: chart.y(y1), y2: chart.y(y2), stroke: EXPECTED, "stroke-width": 2.2 }),
      );
    }
  });
  labelled(
    chart,
    years.map((year, at) => [at, year.label]),
  );
  return chart.svg;

  function bar(x: number, value: number, fill: string, stroke?: string): SVGRectElement {
    const y = chart.y(value);
    return drawn("rect", { x: x - half, y, width: 2 * half, height: Math.max(0, chart.bottom - y), fill, stroke });
  }
}
