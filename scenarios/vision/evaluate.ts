import type { Batch } from '../../src/data/batch';
import { countRight } from '../../src/data/count-right';
import type { Session } from '../../src/engine/engine';
import type { Statistics } from '../../src/engine/evaluate-options';
import type { Network } from '../../src/network/network';

/** How well images are told apart. */
export interface Judgement {
  /** Mean cross entropy. */
  readonly loss: number;
  /** Share of the images whose largest output is that of their class. */
  readonly accuracy: number;
}

/** Whether an image's outputs depend on the images beside it, as by batch norm. */
const couplesSamples = ({ layers }: Network): boolean =>
  layers.some((layer) => layer.couplesSamples === true);

/** Which statistics normalise what is evaluated, of those that were asked for; null for a network that normalises nothing. */
export const statisticsOf = (network: Network, asked: Statistics): Statistics | null =>
  couplesSamples(network) ? asked : null;

/** Where phi is judged, and how. */
export interface Judging {
  /** Holds phi, and the running statistics where they are asked for. */
  readonly session: Session;
  readonly statistics: Statistics | null;
  /** Images that are evaluated together. */
  readonly slice: number;
}

/** All images of a batch: as one, where the network couples them, since so they are learned; else in slices. */
export function judgeBatch(judging: Judging, batch: Batch): Promise<Judgement> {
  return judgeSlices(judging, judging.statistics === 'batch' ? [batch] : slicesOf(batch, judging.slice));
}

/** All images of some slices, each evaluated by itself: the mean over images. */
export async function judgeSlices(
  { session, statistics }: Judging,
  slices: Iterable<Batch>,
): Promise<Judgement> {
  let [images, loss, right] = [0, 0, 0];
  for (const slice of slices) {
    const evaluated = await session.evaluate(slice, { statistics: statistics ?? 'batch' });
    images += slice.samples;
    loss += slice.samples * evaluated.loss;
    right += countRight(evaluated.outputs, slice);
  }
  return { loss: loss / images, accuracy: right / images };
}

function* slicesOf(batch: Batch, slice: number): Iterable<Batch> {
  if (batch.samples <= slice) return yield batch;
  for (let from = 0; from < batch.samples; from += slice) {
    const count = Math.min(slice, batch.samples - from);
    const part = (values: Float64Array, width: number) =>
      values.subarray(from * width, (from + count) * width);
    yield { ...batch, samples: count, x: part(batch.x, batch.inputs), y: part(batch.y, batch.targets) };
  }
}
