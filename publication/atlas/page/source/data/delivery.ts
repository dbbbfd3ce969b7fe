/** Data on their way in: classic scripts that call `wardcast`, since a page opened from disk may not read files. */

import { Columns, inflate, type ColumnDescription } from "./columns";
import type { Release } from "./release";

const arrived = new Map<string, { descriptions: ColumnDescription[]; data: string }>();
const columns = new Map<string, Promise<Columns>>();
const told = new Map<string, unknown>();
let opened: Release | undefined;

declare global {
  interface Window {
    wardcast: {
      open: (release: Release) => void;
      tell: (name: string, value: unknown) => void;
      take: (name: string, descriptions: ColumnDescription[], data: string) => void;
    };
  }
}

/** Let the data scripts hand over what they hold. */
export function receive(): void {
  window.wardcast = {
    open: (release) => (opened = release),
    tell: (name, value) => told.set(name, value),
    take: (name, descriptions, data) => arrived.set(name, { descriptions, data }),
  };
}

export function openedRelease(): Release | undefined {
  return opened;
}

/** The columns of a data file; fails with a sentence for readers. */
export function deliver(name: string): Promise<Columns> {
  const known = columns.get(name);
  if (known) return known;
  const promise = script(name).then(unpacked);
  columns.set(name, promise);
  promise.catch(() => columns.delete(name)); // another try may do
  return promise;
}

/** What a data file tells that is no columns; fails with a sentence for readers. */
export async function deliverTold<T>(name: string): Promise<T> {
  if (!told.has(name)) await script(name);
  if (!told.has(name)) throw new Error(`The data file ${name}.js does not hold what its name says.`);
  return told.get(name) as T;
}

async function unpacked(name: string): Promise<Columns> {
  const delivered = arrived.get(name);
  if (!delivered) throw new Error(`The data file ${name}.js does not hold what its name says.`);
  arrived.delete(name);
  return new Columns(delivered.descriptions, await inflate(delivered.data));
}

function script(name: string): Promise<string> {
  if (arrived.has(name)) return Promise.resolve(name);
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = `data/${encodeURIComponent(name)}.js`;
    element.onload = () => {
      element.remove();
      resolve(name);
    };
    element.onerror = () => {
      element.remove();
      reject(new Error(`The data file data/${name}.js is missing or cannot be read.`));
    };
    document.head.append(element);
  });
}
