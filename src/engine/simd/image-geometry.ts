import type { ImageShape } from '../../network/image';
import { padded, type Vector } from './machine/shared-memory';

/** Windows laid on images. */
export interface Windows {
  /** Of the images: [channels, rows, columns]. */
  readonly image: ImageShape;
  /** Rows and columns of a window. */
  readonly size: number;
  readonly stride: number;
  /** Zeros around an image, on each of its four sides. */
  readonly padding: number;
  /** In how many rows and columns windows lie. */
  readonly high: number;
  readonly wide: number;
}

/** So many windows, unless said otherwise: several small images, or one large one. */
const fewestTogether = 256;

/** How many whole numbers stand before the places of windows. */
const header = 9;

interface GeometryOptions {
  /** So many windows, at least, are worked off together, as far as there are samples. */
  readonly fewest?: number;
  /** Whether the channels of a frame lie side by side, without the zeros that fill up a pixel of an image. */
  readonly closed?: boolean;
}

/** Where windows lie in images [rows][columns][channels], whose channels are padded to a multiple of 4 unless they are brought together in a frame. */
export class ImageGeometry {
  /** Numbers of a pixel where windows are read: its channels, padded or not. */
  readonly channels: number;
  /** Numbers in one row of a window; and in a window, padded to a multiple of 4. */
  readonly depth: number;
  readonly columns: number;
  /** Windows of one sample. */
  readonly windows: number;
  /** Samples that are worked off together. */
  readonly together: number;
  private readonly framed: readonly [rows: number, columns: number];

  constructor(
    private readonly of: Windows,
    samples: number,
    { fewest = fewestTogether, closed = false }: GeometryOptions = {},
  ) {
    const { image, size, stride, padding, high, wide } = of;
    this.channels = closed ? image[0] : padded(image[0]);
    this.depth = size * this.channels;
    this.columns = padded(size * this.depth);
    this.windows = high * wide;
    this.together = Math.min(samples, Math.ceil(fewest / this.windows));
    // Windows may reach behind the last zeros, into more of them.
    this.framed = [
      Math.max(image[1] + 2 * padding, (high - 1) * stride + size),
      Math.max(image[2] + 2 * padding, (wide - 1) * stride + size),
    ];
  }

  /** Room for the images that are worked off together, with zeros around them, and for the end of a vector behind the last. */
  get frameRoom(): number {
    const [rows, columns] = this.framed;
    return this.together * rows * columns * this.channels + 4;
  }

  /** Room for the windows of these images, as rows of a matrix. */
  get windowRoom(): number {
    return this.together * this.windows * this.columns + 4;
  }

  /** The table that kernels read, as `assembly/images.ts` says. */
  table(allocate: (count: number) => Vector): number {
    const { image, size, stride, padding, high, wide } = this.of;
    const { channels, windows, together } = this;
    const [rows, columns] = this.framed;
    const vector = allocate(header + together * windows);
    const table = new Int32Array(vector.values.buffer, vector.pointer, vector.values.length);
    table.set([channels, image[1], image[2], padding, rows, columns, size, windows, padded(image[0])]);
    let next = header;
    for (let sample = 0; sample < together; sample++) {
      for (let y = 0; y < high; y++) {
        for (let x = 0; x < wide; x++) {
          table[next++] = 4 * channels * ((sample * rows + y * stride) * columns + x * stride);
        }
      }
    }
    return vector.pointer;
  }
}
