import type { Batch } from '../../../data/batch';
import type { ParameterRole } from '../../../network/layer';
import type { Network } from '../../../network/network';
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
  /** Hears that arrays were given back, which may go to others. */
  readonly dropped: () => void;
}

/** The passes over all parts of a batch of one size. */
interface Passes {
  readonly parts: readonly Part[];
  readonly each: readonly SimdPass[];
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

  constructor(private readonly options: BatchPassesOptions) {
    this.slots = new BatchSlots(options.network, options.allocation);
  }

  /**
   * The pass over a batch as a whole.
   * @param how second: whether second derivatives are asked for; given where the statistics lie that batch norm is to go by; 0 for the batch's own
   */
  whole(batch: Batch, { second = false, given = 0 } = {}): SimdPass {
    return this.passes(this.slots.slot(batch), wholeBatch(batch.samples), second, { given })[0]!;
  }

  /**
   * The pass over one part of a batch, whose gradient is the part's own.
   * @param noted where batch norm leaves the batch's statistics; 0 for nowhere
   */
  part(batch: Batch, index: number, noted: number): SimdPass {
    return this.passes(this.slots.slot(batch), this.parts(batch), false, { noted })[index]!;
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
    second: boolean,
    statistics: { given?: number; noted?: number },
  ): readonly SimdPass[] {
    const key = `${slot.samples} in ${parts.length}${second ? ', second' : ''}`;
    const found = this.kept.get(key) ?? this.open(parts, second);
    this.kept.delete(key);
    this.kept.set(key, found);
    const { inputs, inputBytes, targets, targetBytes } = slot;
    found.each.forEach((pass, index) => {
      const { first } = parts[index]!;
      pass.use(inputs.pointer + first * inputBytes, targets.pointer + first * targetBytes, statistics);
    });
    return found.each;
  }

  private open(parts: readonly Part[], second: boolean): Passes {
    this.makeRoom();
    const shared = new SharedPlaces(this.options.allocation, parts.length);
    const each = parts.map(
      ({ samples }, index) =>
        new SimdPass({
          ...{ ...this.options, samples, second, vectors: this.vectors(index) },
          shared: (name, count) => shared.of(name, count, index),
        }),
    );
    return { parts, each, shared };
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
