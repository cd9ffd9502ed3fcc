import { ImageGeometry } from '../image-geometry';
import { padded } from '../machine/shared-memory';
import { convolutionRoom } from '../passes/packing-room';
import type { Convolution, ConvolutionPlaces } from './convolution';

/**
 * Window by window, of any size and stride, each output the product of a window with the weights. Channels that are no multiple of 4 are
 * brought together before, so that nothing is multiplied with the zeros behind them.
 */
export function byWindows({
  samples,
  kernels,
  allocate,
  workspace,
  outputs,
  windows: of,
}: ConvolutionPlaces): Convolution {
  const [inputs, rows, across] = of.image;
  const closed = inputs % 4 !== 0;
  const geometry = new ImageGeometry(of, samples, { closed });
  const { channels, depth, columns, together, windows } = geometry;
  const width = padded(outputs);
  const image = rows * across * padded(inputs);
  const table = geometry.table(allocate);
  const frames = closed || of.padding > 0 ? allocate(geometry.frameRoom).pointer : 0;
  const room = workspace('windows', geometry.windowRoom);
  const packing = workspace('packing', convolutionRoom(columns, width));
  const shape = [image, windows, depth, columns] as const;
  return {
    arrangement: { channels, columns },
    apply: (images, weights, start, to, add) =>
      kernels.convolve(
        ...[images, table, frames, weights, ...shape, start, to, width, samples, together, add],
        ...[packing.pointer, room.pointer],
      ),
    applyBack: (slope, weights, to, add) =>
      kernels.convolveBack(
        ...[slope, table, frames, weights, ...shape, width, outputs, to, samples, together, add],
        ...[room.pointer, packing.pointer],
      ),
    collect: (slope, images, to, add) =>
      kernels.correlate(
        ...[images, table, frames, slope, width, outputs, ...shape, to, samples, together, add],
        ...[packing.pointer, room.pointer],
      ),
  };
}
