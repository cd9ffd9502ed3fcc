import { ImageGeometry, type Windows } from '../image-geometry';
import { padded } from '../machine/shared-memory';
import { tilesRoom } from '../machine/tile-convolutions';
import { fullRoom } from '../passes/packing-room';
import type { Convolution, ConvolutionPlaces } from './convolution';

/** Rows and columns of pixels that one of Winograd's tiles takes, and of outputs that it gives. */
const [pixels, outputsOfTile] = [4, 2];

/** So many tiles, at least, are worked off together, as far as there are samples: with 64 channels on both sides they take 1 MB, what stays in a core's second cache. */
const fewestTogether = 64;

const tilesOn = (windows: Windows, samples: number): ImageGeometry => {
  const [high, wide] = [Math.ceil(windows.high / outputsOfTile), Math.ceil(windows.wide / outputsOfTile)];
  return new ImageGeometry({ ...windows, size: pixels, stride: outputsOfTile, high, wide }, samples, {
    fewest: fewestTogether,
  });
};

/** Tiles pay from so many inputs and outputs on: below, moving numbers to tiles and back costs what they spare. */
const fewestChannels = 16;

/** And where they spare so many multiplications for each pair of an input and an output: those of a few small images cost less than the weights' transform. */
const fewestSpared = 150;

/** Whether Winograd's tiles make a convolution of so many samples faster, as measured in docs/results/speed.md. */
export function paysInTiles({
  outputs,
  windows,
  samples,
}: Pick<ConvolutionPlaces, 'outputs' | 'windows' | 'samples'>): boolean {
  const { size, stride, high, wide, image } = windows;
  if (size !== 3 || stride !== 1 || Math.min(outputs, image[0]) < fewestChannels) return false;
  const tiles = Math.ceil(high / outputsOfTile) * Math.ceil(wide / outputsOfTile);
  return samples * (size ** 2 * high * wide - pixels ** 2 * tiles) >= fewestSpared;
}

/** By Winograd's tiles, for windows of 3 x 3 side by side: the products of matrices take 16 multiplications for four outputs in place of 36. */
export function byTiles({
  samples,
  kernels,
  allocate,
  workspace,
  outputs,
  windows: of,
}: ConvolutionPlaces): Convolution {
  const geometry = tilesOn(of, samples);
  const { channels, together, windows: tiles } = geometry;
  const { high, wide } = of;
  const width = padded(outputs);
  const image = of.image[1] * of.image[2] * channels;
  const table = geometry.table(allocate);
  const frames = allocate(geometry.frameRoom).pointer;
  const room = workspace('windows', tilesRoom(together * tiles, channels, width));
  const packing = workspace('packing', fullRoom);
  const shape = [image, tiles, high, wide, channels, width] as const;
  // Where they lie is known once all layers are bound.
  const rooms = () => [room.pointer, packing.pointer] as const;
  return {
    arrangement: { channels, columns: 9 * channels },
    apply: (images, weights, start, to, add) =>
      kernels.convolveTiles(
        ...[images, table, frames, weights, ...shape, start, to, samples, together, add, ...rooms()],
      ),
    applyBack: (slope, weights, to, add) =>
      kernels.convolveTilesBack(
        ...[slope, table, frames, weights, ...shape, to, samples, together, add, ...rooms()],
      ),
    collect: (slope, images, to, add) =>
      kernels.correlateTiles(
        ...[images, table, frames, slope, ...shape, to, samples, together, add, ...rooms()],
      ),
  };
}
