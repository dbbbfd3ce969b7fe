/** Columns as `columns.py` packs them: whole numbers with their bytes apart, less their predecessor, in one gzip. */

export interface ColumnDescription {
  name: string;
  shape: number[];
  width: 1 | 2 | 4;
  divisor: number;
  stride: number;
  row: number;
}

/** An array of numbers, NaN where nothing is published. */
export interface Column {
  shape: number[];
  values: Float64Array;
}

const MISSING = { 1: -128, 2: -32768, 4: -2147483648 };

/** Columns by name, each unpacked when it is first asked for. */
export class Columns {
  private readonly packed = new Map<string, { description: ColumnDescription; start: number }>();
  private readonly unpacked = new Map<string, Column>();

  constructor(
    descriptions: ColumnDescription[],
    private readonly bytes: Uint8Array,
  ) {
    let start = 0;
    for (const description of descriptions) {
      this.packed.set(description.name, { description, start });
      start += size(description) * description.width;
    }
  }

  has(name: string): boolean {
    return this.packed.has(name);
  }

  find(name: string): Column | undefined {
    const found = this.packed.get(name);
    if (found && !this.unpacked.has(name)) {
      this.unpacked.set(name, {
        shape: found.description.shape,
        values: unpack(found.description, this.bytes, found.start),
      });
    }
    return this.unpacked.get(name);
  }
}

/** The bytes of a base64 text of a gzip. */
export async function inflate(text: string): Promise<Uint8Array> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let place = 0; place < bytes.length; place++) bytes[place] = characters.charCodeAt(place);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function size(description: ColumnDescription): number {
  return description.shape.reduce((product, length) => product * length, 1);
}

function unpack(description: ColumnDescription, bytes: Uint8Array, start: number): Float64Array {
  const { width, divisor, stride, row } = description;
  const count = size(description);
  const steps = new Int32Array(count);
  const highest = start + (width - 1) * count;
  for (let place = 0; place < count; place++) {
    // The highest byte carries the sign.
    let step = (bytes[highest + place] << 24) >> 24;
    for (let weight = width - 2; weight >= 0; weight--) step = (step << 8) | bytes[start + weight * count + place];
    steps[place] = step;
  }
  const values = new Float64Array(count);
  for (let place = 0; place < count; place++) {
    if (steps[place] === MISSING[width]) {
      values[place] = NaN;
      steps[place] = 0;
      continue;
    }
    if (stride && place % row >= stride) steps[place] += steps[place - stride];
    values[place] = steps[place] / divisor;
  }
  return values;
}
