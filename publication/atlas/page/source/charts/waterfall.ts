/** The waterfall: how the last recorded year becomes a year ahead, driver by driver. */

import { frame } from "./chart_frame";
import { drawn } from "../elements/dom";
import { signed, whole, expectation } from "../data/words";

const TOTAL = "#3D3D3D";
const RISE = "#801650";
const FALL = "#2073BC";

export interface Step {
  name: string;
  offences: number;
  total: boolean;
}

/** Horizontal bars, a step a row, so that names have room at any width. The scale need not start at zero. */
export function waterfall(label: string, steps: Step[], wide: number): SVGSVGElement {
  let level = 0;
  const bars = steps.map((step) => {
    const start = step.total ? step.offences : level;
    level = step.total ? step.offences : level + step.offences;
    return { ...step, start, end: level };
  });
  const ends = bars.flatMap((bar) => [bar.start, bar.end]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const spread = Math.max(high - low, 0.02 * high, 1);
  const row = 44;
  const tall = bars.length * row + 8;
  const { svg } = frame(label, wide, 80, [0, 1], [0, 1]);
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
  const room = 90; // for the number beside the bar
  const x = (value: number): number => room + ((value - low + 0.05 * spread) / (1.1 * spread)) * (wide - 2 * room);
  bars.forEach((bar, place) => {
    const y = place * row;
    const [left, right] = [x(Math.min(bar.start, bar.end)), x(Math.max(bar.start, bar.end))];
    const next = bars[place + 1];
    svg.append(
      drawn("text", { x: 0, y: y + 14, fill: TOTAL, "font-weight": bar.total ? "bold" : undefined }, bar.name),
    );
    svg.append(
      bar.total
        ? drawn("line", { x1: left, x2: left, y1: y + 18, y2: y + 40, stroke: TOTAL, "stroke-width": 4 })
        : drawn("rect", {
            x: left,
            y: y + 20,
            width: Math.max(right - left, 1),
            height: 18,
            fill: bar.offences < 0 ? FALL : RISE,
          }),
      drawn(
        "text",
        { x: right + 8, y: y + 35, fill: TOTAL },
        bar.total ? (place ? expectation : whole)(bar.offences) : signed(bar.offences),
      ),
    );
    if (next)
      svg.append(
        drawn("line", {
          x1: x(bar.end),
          x2: x(bar.end),
          y1: y + 38,
          y2: y + row + 20,
          stroke: TOTAL,
          "stroke-dasharray": "2 3",
        }),
      );
  });
  return svg;
}
