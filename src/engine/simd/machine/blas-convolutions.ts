import type { Kernels } from './kernels';

/** The convolutions of `assembly/convolution.ts`. */
export type Convolutions = Pick<Kernels, 'convolve' | 'convolveBack' | 'correlate'>;

/** From so many outputs on, windows brought together for a library's product cost less than it saves; below, kernels read them where they lie. */
const fewestOutputs = 16;

/** The same of the two transposes, which move as many windows either way. */
const fewestBack = 8;

/**
 * Convolutions by a library's products of matrices: the windows of some images as rows of a matrix, in a room for these images alone. Narrow ones
 * are left to the bundled kernels.
 */
export function blasConvolutions(
  kernels: Kernels,
  { multiplyAdd, multiplyTransposed }: Pick<Kernels, 'multiplyAdd' | 'multiplyTransposed'>,
): Convolutions {
  // Parameters as there, named one by one, since a list of them would be made anew at each call.
  return {
    convolve(
      images: number,
      geometry: number,
      frames: number,
      arranged: number,
      image: number,
      windows: number,
      depth: number,
      columns: number,
      start: number,
      to: number,
      width: number,
      samples: number,
      together: number,
      add: number,
      strips: number,
      room: number,
    ) {
      if (width < fewestOutputs) {
        kernels.convolve(
          ...[images, geometry, frames, arranged, image, windows, depth, columns],
          ...[start, to, width, samples, together, add, strips, room],
        );
        return;
      }
      for (let s = 0; s < samples; s += together) {
        const now = Math.min(together, samples - s);
        const rows = now * windows;
        const into = to + 4 * s * windows * width;
        kernels.gatherWindows(images + 4 * s * image, geometry, frames, depth, columns, room, now);
        multiplyTransposed(
          room,
          columns,
          arranged,
          columns,
          start,
          into,
          width,
          rows,
          columns,
          width,
          add,
          strips,
        );
      }
    },

    convolveBack(
      slope: number,
      geometry: number,
      frames: number,
      arranged: number,
      image: number,
      windows: number,
      depth: number,
      columns: number,
      width: number,
      outputs: number,
      to: number,
      samples: number,
      together: number,
      add: number,
      room: number,
      scratch: number,
    ) {
      if (width < fewestBack) {
        kernels.convolveBack(
          ...[slope, geometry, frames, arranged, image, windows, depth, columns],
          ...[width, outputs, to, samples, together, add, room, scratch],
        );
        return;
      }
      for (let s = 0; s < samples; s += together) {
        const now = Math.min(together, samples - s);
        const rows = now * windows;
        const from = slope + 4 * s * windows * width;
        multiplyAdd(from, width, 1, arranged, columns, 0, room, columns, rows, outputs, columns, 0, scratch);
        kernels.scatterWindows(room, geometry, frames, depth, columns, to + 4 * s * image, now, add);
      }
    },

    correlate(
      images: number,
      geometry: number,
      frames: number,
      slope: number,
      width: number,
      outputs: number,
      image: number,
      windows: number,
      depth: number,
      columns: number,
      to: number,
      samples: number,
      together: number,
      add: number,
      scratch: number,
      room: number,
    ) {
      if (width < fewestBack) {
        kernels.correlate(
          ...[images, geometry, frames, slope, width, outputs, image, windows],
          ...[depth, columns, to, samples, together, add, scratch, room],
        );
        return;
      }
      for (let s = 0; s < samples; s += together) {
        const now = Math.min(together, samples - s);
        const rows = now * windows;
        const from = slope + 4 * s * windows * width;
        const more = s === 0 ? add : 1;
        kernels.gatherWindows(images + 4 * s * image, geometry, frames, depth, columns, room, now);
        multiplyAdd(from, 1, width, room, columns, 0, to, columns, outputs, rows, columns, more, scratch);
      }
    },
  };
}
