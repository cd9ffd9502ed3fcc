import { RecentlyUsed } from '../../../core/recently-used';
import type { Batch } from '../../../data/batch';
import type { ParameterRole } from '../../../network/layer';
import type { Network } from '../../../network/network';
import type { Kernels } from '../machine/kernels';
import type { Allocation, Vector } from '../machine/shared-memory';
import { type BatchSlot, BatchSlots } from './batch-slots';
import { cut, mostParts, type Part } from './parts';
import { type RoleVectors, SimdPass } from './simd-pass';

/**
 * For how many parts and sizes of batches work arrays are kept; beyond that those used longest ago make room. A training set and
 * a held-out set in eight parts each fit, and both as wholes.
 */
const keptPasses = 18;

interface BatchPassesOptions {
  readonly network: Network;
  readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  readonly allocation: Allocation;
  readonly kernels: Kernels;
  /** Hears that arrays were given back, which may go to others. */
  readonly dropped: () => void;
}

/** The passes of one session over batches and over their parts, with work arrays that batches of one size share. */
export class BatchPasses {
  private readonly passes = new RecentlyUsed<number, SimdPass>(keptPasses);
  private readonly slots: BatchSlots;
  /** The gradients of the parts behind the first, whose gradient is the session's own. */
  private readonly gradients: Vector[] = [];
  private readonly cuts = new Map<number, readonly Part[]>();

  constructor(private readonly options: BatchPassesOptions) {
    this.slots = new BatchSlots(options.network, options.allocation);
  }

  /** The pass over a batch as a whole. */
  whole(batch: Batch): SimdPass {
    return this.pass(this.slots.slot(batch), 0, batch.samples, 0);
  }

  /** The pass over one part of a batch, whose gradient is the part's own. */
  part(batch: Batch, index: number): SimdPass {
    const { first, samples } = this.parts(batch)[index]!;
    return this.pass(this.slots.slot(batch), first, samples, index);
  }

  parts({ samples }: Batch): readonly Part[] {
    let parts = this.cuts.get(samples);
    if (parts === undefined) {
      parts = cut(samples, this.options.network.size);
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
    this.passes.clear();
  }

  private pass(slot: BatchSlot, first: number, samples: number, index: number): SimdPass {
    const key = samples * mostParts + index;
    let pass = this.passes.get(key);
    if (pass === undefined) {
      pass = new SimdPass({ ...this.options, samples, vectors: this.vectors(index) });
      const unused = this.passes.set(key, pass);
      if (unused !== undefined) {
        unused.close();
        this.options.dropped();
      }
    }
    const { inputs, inputBytes, targets, targetBytes } = slot;
    return pass.use(inputs.pointer + first * inputBytes, targets.pointer + first * targetBytes);
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
