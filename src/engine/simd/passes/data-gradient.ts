import type { SettleRequest } from '../../engine';
import type { BatchPasses } from './batch-passes';

/** What the gradient of the data is worked out for. */
type Data = Pick<SettleRequest, 'train' | 'replay' | 'beta'>;

/** The fast gradient of L(train) + beta L(replay), without the penalty: part by part, then added up in the order of parts. */
export class DataGradient {
  constructor(private readonly passes: BatchPasses) {}

  /** How many parts it has; they can be worked out at the same time. */
  parts({ train, replay, beta }: Data): number {
    const own = this.passes.parts(train).length;
    return beta === 0 || replay === null ? own : Math.max(own, this.passes.parts(replay).length);
  }

  /** Works out one part: of each loss, the mean over the part's samples, weighted by their share of the batch. */
  part({ train, replay, beta }: Data, index: number): void {
    const own = this.passes.parts(train);
    const learned = index < own.length;
    if (learned) this.passes.part(train, index).gradient(own[index]!.share, false);
    if (beta === 0 || replay === null) return;
    const replayed = this.passes.parts(replay);
    if (index >= replayed.length) return;
    const { share } = replayed[index]!;
    this.passes.part(replay, index).gradient(beta * share, learned);
  }

  addUp(data: Data): void {
    this.passes.addUp(this.parts(data));
  }
}
