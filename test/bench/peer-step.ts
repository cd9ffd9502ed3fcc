import type { Batch } from '../../src/data/batch';
import type { Session } from '../../src/engine/engine';
import type { Network } from '../../src/network/network';

/** One inner step with its numbers, so that a peer can take the very same. */
export interface PeerStep {
  readonly network: Network;
  readonly inner: { readonly rate: number; readonly momentum: number; readonly beta: number };
  readonly train: Batch;
  readonly replay: Batch | null;
  readonly phi: Float64Array;
  /** Of all synapses. */
  readonly lambda: number;
  /** Whether omega is phi where it begins. Default: omega is 0. */
  readonly anchored?: boolean;
}

/** The same as a peer reads it: arrays as float32 in base64. */
export function messageOf(name: string, step: PeerStep): object {
  const { network, inner, train, replay, phi, lambda, anchored = false } = step;
  const { layers, shapes, loss, outputShape } = network;
  return {
    open: name,
    network: { layers, shapes, loss: loss.kind, outputs: outputShape[0] },
    ...{ inner, lambda, anchored, phi: encoded(phi) },
    ...{ train: batchMessage(train), replay: replay === null ? null : batchMessage(replay) },
  };
}

const batchMessage = ({ samples, x, y }: Batch) => ({ samples, x: encoded(x), y: encoded(y) });

const encoded = (values: ArrayLike<number>): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

/** What a peer has answered. */
export function decoded(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** The gradient of loss + beta held-out loss + penalty at phi, by a session that holds phi. */
export async function stepGradient(
  session: Session,
  { inner, train, replay, phi, lambda, anchored }: PeerStep,
): Promise<Float64Array> {
  const learned = await session.gradient(train);
  const replayed = replay === null ? null : await session.gradient(replay);
  return phi.map(
    (value, i) =>
      learned[i]! + inner.beta * (replayed === null ? 0 : replayed[i]!) + (anchored ? 0 : lambda * value),
  );
}
