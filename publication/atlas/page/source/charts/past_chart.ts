/** The last twelve months against what was forecast of them a year before: interval, expectation, and what happened. */

import { frame, labelled } from "./chart_frame";
import type { Figures } from "../data/crime_data";
import { drawn } from "../elements/dom";
import { EXPECTED } from "./fan_chart";

export interface PastMonth {
  label: string;
  recorded: number;
  forecast: Figures;
}

export function pastChart(label: string, months: PastMonth[], wide: number, high = 220): SVGSVGElement {
  const values = months.flatMap((month) => [month.recorded, month.forecast.q90, month.forecast.mean]);
  const highest = Math.max(1, ...values.filter((value) => !Number.isNaN(value)));
  const chart = frame(label, wide, high, [-0.5, months.length - 0.5], [0, highest]);
  const half = Math.min(14, 0.3 * (chart.x(1) - chart.x(0)));
  months.forEach(({ recorded, forecast }, at) => {
    const x = chart.x(at);
    if (!Number.isNaN(forecast.q10)) {
      const [top, bottom] = [chart.y(forecast.q90), chart.y(forecast.q10)];
      chart.svg.append(
        drawn("rect", {
          x: x - half,
          y: top,
          width: 2 * half,
          height: Math.max(bottom - top, 2),
          fill: "#6BACE6",
          stroke: "#2073BC",
        }),
      );
    }
    if (!Number.isNaN(forecast.q50)) {
      const y = chart.y(forecast.q50);
      chart.svg.append(
        drawn("line", { x1: x - half, x2: x + half, y1: y, y2: y, stroke: EXPECTED, "stroke-width": 2.5 }),
      );
    }
    if (!Number.isNaN(recorded)) {
      const y = chart.y(recorded);
      chart.svg.append(
        drawn("circle", { cx: x, cy: y, r: 5, fill: "#3D3D3D", stroke: "#FFFFFF", "stroke-width": 1.5 }),
      );
    }
  });
  labelled(
    chart,
    months.map((month, at) => [at, month.label]),
  );
  return chart.svg;
}
