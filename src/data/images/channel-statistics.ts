import { numbers } from '../../core/checks';
import { checkIndices, checkPixels, type ImageSet, pixelsOf } from './image-set';

/** Of each channel, with pixels scaled to [0, 1]. What `imageBatch` normalises by. */
export interface ChannelStatistics {
  /** [channels] */
  readonly mean: readonly number[];
  /** [channels]; of all pixels, divided by their number. */
  readonly deviation: readonly number[];
}

/**
 * Mean and standard deviation of each channel of pixels / 255, over every pixel of the images. Counts how often each of the 256 values comes,
 * so the sums are exact but for 256 roundings. Reads no label.
 * @param indices Of the images to take; all where left out. Take the training images alone, so that nothing is learned from the others.
 * @throws InputError where the set has no such image.
 */
export function channelStatistics(set: ImageSet, indices?: ArrayLike<number>): ChannelStatistics {
  checkPixels(set);
  if (indices !== undefined) {
    numbers('The images to take statistics of', indices);
    checkIndices(set.name, indices, set.count);
  }
  const channels = Array.from({ length: set.shape[0] }, (_, channel) =>
    moments(countValues(set, channel, indices)),
  );
  return { mean: channels.map(({ mean }) => mean), deviation: channels.map(({ deviation }) => deviation) };
}

/** How many pixels of a channel have each of the 256 values. */
function countValues(set: ImageSet, channel: number, indices: ArrayLike<number> | undefined): Float64Array {
  const counts = new Float64Array(256);
  const plane = set.shape[1] * set.shape[2];
  const image = pixelsOf(set);
  for (let i = 0; i < (indices?.length ?? set.count); i++) {
    const from = (indices === undefined ? i : indices[i]!) * image + channel * plane;
    for (let pixel = from; pixel < from + plane; pixel++) counts[set.pixels[pixel]!]!++;
  }
  return counts;
}

function moments(counts: Float64Array): { mean: number; deviation: number } {
  const pixels = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / (255 * pixels);
  const squares = counts.reduce((sum, count, value) => sum + count * (value / 255 - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / pixels) };
}
