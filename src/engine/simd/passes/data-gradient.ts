import type { SettleRequest } from '../../engine';
import type { BatchPasses } from './batch-passes';

/** What the gradient of the data is worked out for. */
type Data = Pick<SettleRequest, 'train' | 'replay' | 'beta'>;

/** A stretch of the data's gradient: its parts can be worked out at the same time, and then what joins them. */
export interface GradientStage {
  readonly parts: readonly (() => void)[];
  /** null where nothing is to be joined. */
  readonly join: (() => void) | null;
}

/**
 * The fast gradient of L(train) + beta L(replay), without the penalty: part by part, then added up in the order of parts. Of each loss, a part has the
 * mean over its samples, weighted by their share of the batch. Where layers couple samples, all parts go up to such a layer, what it needs of them is
 * joined, and all go on: training and held-out data each with their own.
 */
export class DataGradient {
  /** @param noted where batch norm leaves the statistics of training and of replayed data; 0 for nowhere */
  constructor(
    private readonly passes: BatchPasses,
    private readonly noted: Readonly<Record<'train' | 'replay', number>>,
  ) {}

  stages({ train, replay, beta }: Data): readonly GradientStage[] {
    const { noted } = this;
    const learned = this.stagesOf(train, 1, 0, noted.train);
    if (beta === 0 || replay === null) return this.summedUp(learned, this.passes.parts(train).length);
    const own = this.passes.parts(train).length;
    const replayed = this.stagesOf(replay, beta, own, noted.replay);
    const count = Math.max(own, this.passes.parts(replay).length);
    // Where nothing couples samples, a thread goes from its part of the one to its part of the other without waiting.
    if (learned.length > 1) return this.summedUp([...learned, ...replayed], count);
    const both = Array.from({ length: count }, (_, part) => () => {
      learned[0]!.parts[part]?.();
      replayed[0]!.parts[part]?.();
    });
    return this.summedUp([{ parts: both, join: null }], count);
  }

  /** Stages whose last one ends with all parts' gradients added up. */
  private summedUp(stages: readonly GradientStage[], parts: number): readonly GradientStage[] {
    if (parts === 1) return stages;
    const join = () => this.passes.addUp(parts);
    return stages.map((stage, i) => (i < stages.length - 1 ? stage : { parts: stage.parts, join }));
  }

  /** The stages of a batch. @param learned how many parts have a gradient already, to which theirs is added */
  private stagesOf(batch: Data['train'], weight: number, learned: number, noted: number): GradientStage[] {
    const { passes } = this;
    const parts = passes.parts(batch).map(({ share }, index) => {
      // A pass serves all batches of one size: it takes this one whenever it goes on.
      const take = () => passes.part(batch, index, noted);
      return take()
        .gradientStages(weight * share, index < learned)
        .map(({ run, join }) => ({
          run: () => {
            take();
            run();
          },
          join:
            join === null
              ? null
              : () => {
                  take();
                  join();
                },
        }));
    });
    return parts[0]!.map(({ join }, stage) => ({ parts: parts.map((stages) => stages[stage]!.run), join }));
  }
}
