import type { Batch } from '../../../data/batch';
import type { ParameterRole } from '../../../network/layer';
import type { Network } from '../../../network/network';
import { LocalPass } from '../credit/local-pass';
import { PartWeights } from '../credit/part-weights';
import { Trouble } from '../credit/trouble';
import type { Kernels } from '../machine/kernels';
import type { Allocation, Vector } from '../machine/shared-memory';
import { type BatchSlot, BatchSlots } from './batch-slots';
import { cutFor, type Part, wholeBatch } from './parts';
import { SharedPlaces } from './shared-places';
import { type RoleVectors, SimdPass } from './simd-pass';

/**
 * Work arrays for so many sizes of batches are kept, and for as many as take so many bytes; beyond that those used longest ago make room, but
 * for the last few, which one phase may need.
 */
const [mostKept, mostBytes, fewestKept] = [8, 2 ** 28, 4];

interface BatchPassesOptions {
  readonly network: Network;
  readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  readonly allocation: Allocation;
  readonly kernels: Kernels;
  /** Runs kernels several times. */
  readonly repeat: (times: number, work: () => void) => void;
  /** Hears that arrays were given back, which may go to others. */
  readonly dropped: () => void;
}

/** What gives gradients: a backward pass, or neurons that do without. */
type Way = 'backward' | 'second' | 'local';

/** The passes over all parts of a batch of one size. */
interface Passes {
  readonly parts: readonly Part[];
  readonly each: readonly (SimdPass | LocalPass)[];
  readonly shared: SharedPlaces;
}

/** The passes of one session over batches and over their parts, with work arrays that batches of one size share. */
export class BatchPasses {
  /** By size and way; what was used last stands last. */
  private readonly kept = new Map<string, Passes>();
  private readonly slots: BatchSlots;
  /** The gradients of the parts behind the first, whose gradient is the session's own. */
  private readonly gradients: Vector[] = [];
  private readonly cuts = new Map<number, readonly Part[]>();
  /** The weights as parts take them, where no backward pass does. */
  private readonly weights: PartWeights[] = [];
  private reported: Trouble | null = null;

  constructor(private readonly options: BatchPassesOptions) {
    this.slots = new BatchSlots(options.network, options.allocation);
  }

  /**
   * The pass over a batch as a whole.
   * @param how second: whether second derivatives are asked for; given where the statistics lie that batch norm is to go by; 0 for the batch's own
   */
  whole(batch: Batch, { second = false, given = 0 } = {}): SimdPass {
    const way = second ? 'second' : 'backward';
    return this.passes(this.slots.slot(batch), wholeBatch(batch.samples), way, { given })[0] as SimdPass;
  }

  /** The same without a backward pass, by what the network's credit says. */
  local(batch: Batch): LocalPass {
    return this.passes(this.slots.slot(batch), wholeBatch(batch.samples), 'local', {})[0] as LocalPass;
  }

  /**
   * The pass over one part of a batch, whose gradient is the part's own.
   * @param noted where batch norm leaves the batch's statistics; 0 for nowhere
   */
  part(batch: Batch, index: number, noted: number): SimdPass | LocalPass {
    const way = this.options.network.credit.kind === 'backprop' ? 'backward' : 'local';
    return this.passes(this.slots.slot(batch), this.parts(batch), way, { noted })[index]!;
  }

  /** Where it is found why neurons did not settle. */
  get trouble(): Trouble {
    this.reported ??= new Trouble(this.options.allocation);
    return this.reported;
  }

  parts({ samples }: Batch): readonly Part[] {
    let parts = this.cuts.get(samples);
    if (parts === undefined) {
      parts = cutFor(this.options.network, samples);
      this.cuts.set(samples, parts);
    }
    return parts;
  }

  /** Adds the gradients of parts 1 to count - 1 to that of the first, in their order. */
  addUp(count: number): void {
    const { kernels, network, vectors } = this.options;
    for (let index = 1; index < count; index++) {
      kernels.addRows(this.gradient(index).pointer, 0, vectors.fast.gradient.pointer, 0, 1, network.size);
    }
  }

  /** Where a batch lies, and how large it is: a place may have held another one before. */
  place(batch: Batch): string {
    const { samples, inputs, targets } = this.slots.slot(batch);
    return `${samples} at ${inputs.pointer} and ${targets.pointer}`;
  }

  clear(): void {
    this.kept.clear();
  }

  private passes(
    slot: BatchSlot,
    parts: readonly Part[],
    way: Way,
    statistics: { given?: number; noted?: number },
  ): Passes['each'] {
    const key = `${slot.samples} in ${parts.length}, ${way}`;
    const found = this.kept.get(key) ?? this.open(parts, way);
    this.kept.delete(key);
    this.kept.set(key, found);
    const { inputs, inputBytes, targets, targetBytes } = slot;
    found.each.forEach((pass, index) => {
      const { first } = parts[index]!;
      pass.use(inputs.pointer + first * inputBytes, targets.pointer + first * targetBytes, statistics);
    });
    return found.each;
  }

  private open(parts: readonly Part[], way: Way): Passes {
    this.makeRoom();
    const shared = new SharedPlaces(this.options.allocation, parts.length);
    const each = parts.map(({ samples }, index) => {
      if (way === 'local') return this.openLocal(samples, index);
      return new SimdPass({
        ...{ ...this.options, samples, second: way === 'second', vectors: this.vectors(index) },
        shared: (name, count) => shared.of(name, count, index),
      });
    });
    return { parts, each, shared };
  }

  private openLocal(samples: number, index: number): LocalPass {
    const { trouble } = this;
    const { network, kernels, allocation } = this.options;
    const given = { network, kernels, allocation, trouble };
    this.weights[index] ??= new PartWeights({ ...given, vectors: this.vectors(index).fast });
    const { repeat } = this.options;
    return new LocalPass({ ...given, samples, repeat, weights: this.weights[index] });
  }

  private makeRoom(): void {
    let bytes = 0;
    for (const { each } of this.kept.values()) for (const pass of each) bytes += pass.bytes;
    for (const [key, { each, shared }] of this.kept) {
      if (this.kept.size < fewestKept || (this.kept.size < mostKept && bytes < mostBytes)) return;
      this.kept.delete(key);
      for (const pass of each) {
        bytes -= pass.bytes;
        pass.close();
      }
      shared.close();
      this.options.dropped();
    }
  }

  private vectors(index: number): Readonly<Record<ParameterRole, RoleVectors>> {
    const { fast, meta } = this.options.vectors;
    return index === 0 ? { fast, meta } : { fast: { ...fast, gradient: this.gradient(index) }, meta };
  }

  private gradient(index: number): Vector {
    const { allocation, network } = this.options;
    this.gradients[index - 1] ??= allocation.vector(network.size);
    return this.gradients[index - 1]!;
  }
}
