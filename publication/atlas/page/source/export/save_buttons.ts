/** The buttons that save what is shown: figures, map and chart. */

import { place } from "../elements/dom";
import { csvOf, fileName, save } from "./download";
import { finding } from "../data/finding";
import type { Shown } from "../data/measures";
import { chartPicture, pngFile, svgFile } from "./picture";
import { LEVEL_PLURALS } from "../data/words";

type Draw = (shown: Shown) => SVGSVGElement;

/** Watch the buttons; `shown` is asked for when one is pressed. */
export function watchDownloads(shown: () => Shown | null, map: Draw, tellTrouble: (text: string) => void): void {
  const on = (id: string, what: string, ending: string, make: (shown: Shown) => Blob | Promise<Blob>): void =>
    place(id).addEventListener("click", async () => {
      const now = shown();
      if (!now) return;
      try {
        save(await make(now), fileName(now, what || LEVEL_PLURALS[now.state.level].toLowerCase(), ending));
      } catch (error) {
        tellTrouble(error instanceof Error ? error.message : String(error));
      }
    });
  for (const id of ["save-csv", "save-csv-table"])
    on(id, "", ".csv", (now) => new Blob([csvOf(now)], { type: "text/csv" }));
  for (const [what, draw] of [
    ["map", map],
    ["chart", chart],
  ] as const) {
    on(`save-${what}-svg`, what, ".svg", (now) => svgFile(draw(now)));
    on(`save-${what}-png`, what, ".png", (now) => pngFile(draw(now)));
  }
}

function chart(shown: Shown): SVGSVGElement {
  const svg = place("area-panel").querySelector<SVGSVGElement>("#history-chart svg.chart");
  if (!svg) throw new Error("There is no chart to save in this view.");
  return chartPicture(shown, finding(shown, shown.area), svg);
}
