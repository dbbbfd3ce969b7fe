/** Two buttons under a chart: the data behind it, and its picture. */

import { element } from "../elements/dom";
import type { Shown } from "../data/measures";
import { csvText, fileName, save } from "./download";
import { chartPicture, svgFile } from "./picture";

/** The figure with its buttons; `rows` are the numbers of the chart, a row a mark. */
export function withButtons(
  shown: Shown,
  figure: HTMLElement,
  title: string,
  header: string[],
  rows: (string | number)[][],
): HTMLElement {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60);
  const button = (text: string, click: () => void): HTMLElement =>
    element(
      "button",
      { type: "button", class: "govuk-button govuk-button--secondary", click, "aria-label": `${text}: ${title}` },
      text,
    );
  figure.append(
    element(
      "div",
      { class: "downloads no-print" },
      button("Data of this chart (CSV)", () =>
        save(new Blob([csvText([header, ...rows])], { type: "text/csv" }), fileName(shown, name, ".csv")),
      ),
      button("Picture (SVG)", () => {
        const chart = figure.querySelector<SVGSVGElement>("svg.chart");
        if (chart) save(svgFile(chartPicture(shown, title, chart)), fileName(shown, name, ".svg"));
      }),
    ),
  );
  return figure;
}
