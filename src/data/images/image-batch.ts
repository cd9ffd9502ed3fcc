import { finite, numbers, ofLength, positive } from '../../core/checks';
import { InputError } from '../../core/errors';
import type { Batch } from '../batch';
import type { ChannelStatistics } from './channel-statistics';
import { checkIndices, checkLabels, checkPixels, type ImageSet, pixelsOf, wrongLabel } from './image-set';

/**
 * A batch of some of the images: `x` = (pixel / 255 - mean) / deviation with the mean and deviation of the pixel's channel,
 * [samples][channels][height][width]; `y` the class of each, one a sample.
 * @param indices Of the images, in the order in which they are to come; one may come twice.
 * @param by Of each channel, such as `channelStatistics` of the training images gives. Where left out, pixels are scaled to [0, 1].
 * @throws InputError where the set has no such image, or the statistics are of another number of channels, or a deviation is not above 0.
 */
export function imageBatch(set: ImageSet, indices: ArrayLike<number>, by?: ChannelStatistics): Batch {
  checkPixels(set);
  checkLabels(set);
  numbers('The images of a batch', indices);
  checkIndices(set.name, indices, set.count);
  const tables = normalised(set, by);
  const inputs = pixelsOf(set);
  const plane = set.shape[1] * set.shape[2];
  const x = new Float64Array(indices.length * inputs);
  const y = new Float64Array(indices.length);
  for (let sample = 0, to = 0; sample < indices.length; sample++) {
    const image = indices[sample]!;
    if (set.labels[image]! >= set.classes.length) throw wrongLabel(set, image);
    y[sample] = set.labels[image]!;
    let from = image * inputs;
    for (const table of tables)
      for (const end = from + plane; from < end; from++, to++) x[to] = table[set.pixels[from]!]!;
  }
  return { samples: indices.length, inputs, targets: 1, x, y };
}

/** For each channel, what each of the 256 values of a pixel becomes. */
function normalised(set: ImageSet, by: ChannelStatistics | undefined): Float64Array[] {
  const channels = set.shape[0];
  if (by !== undefined) checkStatistics(by, channels);
  return Array.from({ length: channels }, (_, channel) => {
    const [mean, deviation] = by === undefined ? [0, 1] : [by.mean[channel]!, by.deviation[channel]!];
    return Float64Array.from({ length: 256 }, (_value, pixel) => (pixel / 255 - mean) / deviation);
  });
}

function checkStatistics(by: ChannelStatistics, channels: number): void {
  if (typeof by !== 'object' || by === null) {
    throw new InputError({
      what: 'What images are to be normalised by is wrong',
      got: by,
      legal: '{ mean, deviation } of each channel, such as channelStatistics(set, trainingIndices)',
    });
  }
  for (const part of ['mean', 'deviation'] as const) {
    numbers(`The ${part} of each channel`, by[part]);
    ofLength(`The ${part} of each channel`, by[part], channels);
  }
  for (let channel = 0; channel < channels; channel++) {
    finite(`The mean of channel ${channel}`, by.mean[channel]!);
    positive(`The deviation of channel ${channel}`, by.deviation[channel]!);
  }
}
