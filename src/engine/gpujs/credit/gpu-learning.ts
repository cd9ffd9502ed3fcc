import type { GPU, Input } from 'gpu.js';
import { RecentlyUsed } from '../../../core/recently-used';
import type { NeuronStage } from '../../../network/neuron-chain';
import { cannotRun, compileForGpu } from '../../../synapse/compile-for-gpu';
import type { OpenLearning } from '../../reference/credit/synapse-learning';
import { sampleKernels } from './sample-kernel';

/** A kernel of GPU.js in a mode that answers at once. */
type Answering = ((...given: unknown[]) => ArrayLike<number>) & { destroy(): void };

/** One for each quantity that the rule writes. */
type Compiled = readonly { readonly writes: string; readonly kernel: Answering }[];

/** For how many numbers of samples compiled kernels are kept; those used longest ago are destroyed first. */
const keptSizes = 16;

/** The credit's rule as kernels of GPU.js: one launch a batch for each quantity that it writes, in which every synapse goes through all samples. For one network. */
export function gpuLearning(gpu: GPU, input: typeof Input): OpenLearning & { close(): void } {
  const kept = new RecentlyUsed<number, Compiled>(keptSizes);
  const open: OpenLearning = ({ network, stages, samples, dynamics, quantities }) => {
    const { credit, size } = network;
    const rule = credit.rule!;
    const lowered = sampleKernels(rule, credit.activities, gpu.mode);
    const { functions, own, pre, post, numbers, numbersOf } = lowered;
    const compiled = (): Compiled => {
      const known = kept.get(samples);
      if (known !== undefined) return known;
      const options = { output: [size], constants: { samples }, functions };
      const made = lowered.kernels.map(({ writes, source }) => ({
        writes,
        kernel: compileForGpu(gpu, source, options) as Answering,
      }));
      destroy(kept.set(samples, made));
      return made;
    };
    const preRows = new Rows(stages, 'inputs', samples);
    const postRows = new Rows(stages, 'outputs', samples);
    const [preAt, postAt] = [preRows.placesIn(size), postRows.placesIn(size)];
    const given = new Float64Array(samples * numbers);
    return (scalars) => {
      for (let n = 0; n < samples; n++) numbersOf(scalars(n), given, n * numbers);
      const matrix = (values: Float32Array, width: number) => new input(values as never, [width, samples]);
      const seen = (names: readonly string[], rows: Rows) =>
        names.map((name) => matrix(rows.of(dynamics.activities[name]!), rows.width));
      const values = [
        ...own.map((name) => Float32Array.from(quantities[name]!)),
        ...seen(pre, preRows),
        ...seen(post, postRows),
        ...(pre.length > 0 ? [preAt] : []),
        ...(post.length > 0 ? [postAt] : []),
        ...(numbers > 0 ? [matrix(Float32Array.from(given), numbers)] : []),
      ];
      try {
        // All of them read what there was before any is written.
        const kernels = compiled();
        const results = kernels.map(({ kernel }) => Float64Array.from(kernel(...values)));
        kernels.forEach(({ writes }, i) => {
          quantities[writes]!.set(results[i]!);
        });
      } catch (error) {
        throw cannotRun(`rule "${rule.name}"`, gpu.mode, error);
      }
    };
  };
  return Object.assign(open, {
    close() {
      for (const kernels of kept.clear()) destroy(kernels);
    },
  });
}

function destroy(kernels: Compiled | undefined): void {
  for (const { kernel } of kernels ?? []) kernel.destroy();
}

/** One activity of all neurons in one row a sample: those of a stage behind those of the stage before, and at the end 1, which biases see. */
class Rows {
  readonly width: number;
  private readonly firsts: readonly number[];

  constructor(
    private readonly stages: readonly NeuronStage[],
    private readonly side: 'inputs' | 'outputs',
    private readonly samples: number,
  ) {
    let at = 0;
    this.firsts = stages.map((stage) => {
      at += stage[side];
      return at - stage[side];
    });
    this.width = at + 1;
  }

  /** @param activity [samples][neurons] by stage */
  of(activity: readonly Float64Array[]): Float32Array {
    const { width, samples, stages, side } = this;
    const rows = new Float32Array(samples * width);
    for (let n = 0; n < samples; n++) {
      stages.forEach((stage, l) => {
        const own = activity[l]!.subarray(n * stage[side], (n + 1) * stage[side]);
        rows.set(own, n * width + this.firsts[l]!);
      });
      rows[n * width + width - 1] = 1;
    }
    return rows;
  }

  /** By synapse, where in a row its neuron is. */
  placesIn(size: number): Float32Array {
    const places = new Float32Array(size);
    this.stages.forEach(({ inputs, outputs, weight, bias }, l) => {
      const first = this.firsts[l]!;
      for (let i = 0; i < outputs; i++) {
        for (let j = 0; j < inputs; j++)
          places[weight + i * inputs + j] = first + (this.side === 'inputs' ? j : i);
        if (bias !== null) places[bias + i] = this.side === 'inputs' ? this.width - 1 : first + i;
      }
    });
    return places;
  }
}
