import type { Kernels } from './kernels';

/** Convolutions of 3 x 3 by Winograd's tiles, as `assembly/winograd.ts` has them. */
export type TileConvolutions = Pick<Kernels, 'convolveTiles' | 'convolveTilesBack' | 'correlateTiles'>;

/** Numbers of a tile, and of a kernel that is multiplied with it: so many products of matrices make a convolution. */
const numbers = 16;

/** Planes lie this many numbers further from each other than they are long: as many bytes as a line of the cache, so that they do not crowd in a few of its sets. */
const apart = 16;

/** Bytes from one plane of so many rows to the next. */
const planeBytes = (rows: number, width: number): number => 4 * (rows * width + apart);

/** Numbers of room for the planes of weights, tiles and what they give. */
export const tilesRoom = (tiles: number, channels: number, width: number): number =>
  (numbers * (planeBytes(width, channels) + planeBytes(tiles, channels) + planeBytes(tiles, width))) / 4;

/**
 * The convolutions whose sums over channels are products of matrices, of the bundled kernels or of a library. For each:
 * @param images [samples][rows][columns][channels]; `image` numbers each
 * @param table of tiles, as `ImageGeometry` writes it; `frames` has room for the samples that are worked off together
 * @param arranged weights, [width][3][3][channels]; width is the outputs, padded to a multiple of 4
 * @param tiles of one image; `high` and `wide` are the rows and columns of outputs
 * @param room as `tilesRoom` says, for the samples that are worked off together
 * @param packing room of the products
 */
export function tileConvolutions(
  kernels: Kernels,
  { multiplyAdd, multiplyTransposed }: Pick<Kernels, 'multiplyAdd' | 'multiplyTransposed'>,
): TileConvolutions {
  // Parameters are named one by one, since a list of them would be made anew at each call.
  return {
    /** to = (add ? to : 0) + start + weights * images. */
    convolveTiles(
      images: number,
      table: number,
      frames: number,
      arranged: number,
      image: number,
      tiles: number,
      high: number,
      wide: number,
      channels: number,
      width: number,
      start: number,
      to: number,
      samples: number,
      together: number,
      add: number,
      room: number,
      packing: number,
    ) {
      const weightPlane = planeBytes(width, channels);
      const tilePlane = planeBytes(together * tiles, channels);
      const outputPlane = planeBytes(together * tiles, width);
      const tilesAt = room + numbers * weightPlane;
      const outputsAt = tilesAt + numbers * tilePlane;
      kernels.tileWeights(arranged, width, channels, room, weightPlane);
      for (let s = 0; s < samples; s += together) {
        const now = Math.min(together, samples - s);
        kernels.tilesOf(images + 4 * s * image, table, frames, now, tilesAt, tilePlane);
        for (let n = 0; n < numbers; n++) {
          multiplyTransposed(
            tilesAt + n * tilePlane,
            channels,
            room + n * weightPlane,
            channels,
            0,
            outputsAt + n * outputPlane,
            width,
            now * tiles,
            channels,
            width,
            0,
            packing,
          );
        }
        const into = to + 4 * s * high * wide * width;
        kernels.outputsOfTiles(outputsAt, outputPlane, high, wide, width, now, start, into, add);
      }
    },

    /** to = (add ? to : 0) + what reaches the images of the slope by the outputs. */
    convolveTilesBack(
      slope: number,
      table: number,
      frames: number,
      arranged: number,
      image: number,
      tiles: number,
      high: number,
      wide: number,
      channels: number,
      width: number,
      to: number,
      samples: number,
      together: number,
      add: number,
      room: number,
      packing: number,
    ) {
      const weightPlane = planeBytes(width, channels);
      const tilePlane = planeBytes(together * tiles, channels);
      const outputPlane = planeBytes(together * tiles, width);
      const tilesAt = room + numbers * weightPlane;
      const outputsAt = tilesAt + numbers * tilePlane;
      kernels.tileWeights(arranged, width, channels, room, weightPlane);
      for (let s = 0; s < samples; s += together) {
        const now = Math.min(together, samples - s);
        const from = slope + 4 * s * high * wide * width;
        kernels.outputsToTiles(from, high, wide, width, now, outputsAt, outputPlane);
        for (let n = 0; n < numbers; n++) {
          multiplyAdd(
            outputsAt + n * outputPlane,
            width,
            1,
            room + n * weightPlane,
            channels,
            0,
            tilesAt + n * tilePlane,
            channels,
            now * tiles,
            width,
            channels,
            0,
            packing,
          );
        }
        kernels.tilesBack(tilesAt, tilePlane, table, frames, now, to + 4 * s * image, add);
      }
    },

    /** to = (add ? to : 0) + the gradient by the arranged weights. */
    correlateTiles(
      images: number,
      table: number,
      frames: number,
      slope: number,
      image: number,
      tiles: number,
      high: number,
      wide: number,
      channels: number,
      width: number,
      to: number,
      samples: number,
      together: number,
      add: number,
      room: number,
      packing: number,
    ) {
      const weightPlane = planeBytes(width, channels);
      const tilePlane = planeBytes(together * tiles, channels);
      const outputPlane = planeBytes(together * tiles, width);
      const tilesAt = room + numbers * weightPlane;
      const outputsAt = tilesAt + numbers * tilePlane;
      for (let s = 0; s < samples; s += together) {
        const now = Math.min(together, samples - s);
        const from = slope + 4 * s * high * wide * width;
        kernels.tilesOf(images + 4 * s * image, table, frames, now, tilesAt, tilePlane);
        kernels.outputsToTiles(from, high, wide, width, now, outputsAt, outputPlane);
        for (let n = 0; n < numbers; n++) {
          multiplyAdd(
            outputsAt + n * outputPlane,
            1,
            width,
            tilesAt + n * tilePlane,
            channels,
            0,
            room + n * weightPlane,
            channels,
            width,
            now * tiles,
            channels,
            s === 0 ? 0 : 1,
            packing,
          );
        }
      }
      kernels.weightsOfTiles(room, weightPlane, width, channels, to, add);
    },
  };
}
