/** The frame of a chart: its size, its scales, and its axes. */

import { scaleLinear, type ScaleLinear } from "d3-scale";
import { drawn } from "../elements/dom";

export interface Frame {
  svg: SVGSVGElement;
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  right: number;
  bottom: number;
  top: number;
}

const MARGIN = { top: 40, right: 8, bottom: 26 };
const SIZE = 14; // of text, px

/** An empty chart; `wide` is the room it has, px. Values start at zero unless `low` is under it or `fromZero` is off. */
export function frame(
  label: string,
  wide: number,
  high: number,
  domain: [number, number],
  values: [number, number],
): Frame {
  const y = scaleLinear()
    .domain(values[0] === values[1] ? [values[0], values[0] + 1] : values)
    .nice(5);
  const ticks = y.ticks(Math.max(3, Math.round(high / 60)));
  const text = y.tickFormat(ticks.length);
  const left = 12 + 8 * Math.max(...ticks.map((tick) => text(tick).length));
  const right = wide - MARGIN.right;
  const bottom = high - MARGIN.bottom;
  const x = scaleLinear().domain(domain).range([left, right]);
  y.range([bottom, MARGIN.top]);
  const svg = drawn("svg", {
    viewBox: `0 0 ${wide} ${high}`,
    class: "chart",
    role: "img",
    "aria-label": label,
    "font-size": SIZE,
    "font-family": "Arial, sans-serif",
  });
  for (const tick of ticks) {
    svg.append(
      drawn("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), stroke: "#D9D9D9", class: "grid" }),
      drawn("text", { x: left - 6, y: y(tick) + 5, "text-anchor": "end", fill: "#3D3D3D" }, text(tick)),
    );
  }
  return { svg, x, y, right, bottom, top: MARGIN.top };
}

/** Labels under the chart, as many as there is room for. */
export function labelled(chart: Frame, labels: [number, string][]): void {
  const longest = Math.max(1, ...labels.map(([, text]) => text.length)) * 8 + 10;
  const [from, to] = chart.x.range();
  const step = Math.max(1, Math.ceil((labels.length * longest) / Math.max(to - from, 1)));
  labels.forEach(([place, text], number) => {
    if (number % step) return;
    chart.svg.append(
      drawn("line", {
        x1: chart.x(place),
        x2: chart.x(place),
        y1: chart.bottom,
        y2: chart.bottom + 4,
        stroke: "#3D3D3D",
      }),
      drawn("text", { x: chart.x(place), y: chart.bottom + 20, "text-anchor": "middle", fill: "#3D3D3D" }, text),
    );
  });
}
