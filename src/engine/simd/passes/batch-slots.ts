import { RecentlyUsed } from '../../../core/recently-used';
import { sizeOf } from '../../../core/shape';
import type { Batch } from '../../../data/batch';
import { checkBatchFits, type Network } from '../../../network/network';
import type { ActivationLayout } from '../layer-kernels';
import { type Allocation, padded, type Vector } from '../machine/shared-memory';
import { layoutOf } from './activation-places';

/** A batch in the shared memory: rows padded to multiples of 4 numbers, of an image one a pixel. */
export interface BatchSlot {
  readonly samples: number;
  readonly inputs: Vector;
  readonly targets: Vector;
  /** Bytes from one sample to the next. */
  readonly inputBytes: number;
  readonly targetBytes: number;
}

/** How many batches are kept, so that the phases of a task copy nothing; the one used longest ago makes room. */
const keptSlots = 4;

/** Brings batches into the shared memory, each once, in places that later batches of the same size use again. */
export class BatchSlots {
  private readonly slots = new RecentlyUsed<Batch, BatchSlot>(keptSlots);

  constructor(
    private readonly network: Network,
    private readonly allocation: Allocation,
  ) {}

  /** @throws InputError where the batch does not fit the network. */
  slot(batch: Batch): BatchSlot {
    let slot = this.slots.get(batch);
    if (slot === undefined) {
      slot = this.take(batch);
      this.slots.set(batch, slot);
    }
    return slot;
  }

  private take(batch: Batch): BatchSlot {
    checkBatchFits(this.network, batch, 'batch');
    const slot = this.place(batch.samples);
    copyImages(batch.x, layoutOf(this.network.inputShape), slot.inputs.values);
    if (this.classes) slot.targets.values.set(batch.y);
    else copyRows(batch.y, batch.targets, slot.targets.values);
    return slot;
  }

  /** A place that the batch used longest ago gives up, where it fits; else a new one. */
  private place(samples: number): BatchSlot {
    const oldest = this.slots.takeOldestIfFull();
    if (oldest?.samples === samples) return oldest;
    if (oldest !== undefined) {
      this.allocation.release(oldest.inputs);
      this.allocation.release(oldest.targets);
    }
    const { inputShape, outputShape } = this.network;
    const { rows, stride } = layoutOf(inputShape);
    const inputs = rows * stride;
    const targets = this.classes ? 1 : padded(sizeOf(outputShape));
    return {
      samples,
      inputs: this.allocation.vector(samples * inputs),
      targets: this.allocation.vector(samples * targets),
      ...{ inputBytes: 4 * inputs, targetBytes: 4 * targets },
    };
  }

  private get classes(): boolean {
    return this.network.loss.targets === 'classes';
  }
}

/** Images [channels][pixels] into rows of their pixels, [pixels][channels], padded to a multiple of 4; what is no image is one pixel. */
function copyImages(from: Float64Array, { rows, width, stride }: ActivationLayout, to: Float32Array): void {
  if (rows === 1) {
    copyRows(from, width, to);
    return;
  }
  const samples = from.length / (rows * width);
  for (let s = 0; s < samples; s++) {
    for (let c = 0; c < width; c++) {
      let at = s * rows * stride + c;
      const first = (s * width + c) * rows;
      for (let i = first; i < first + rows; i++) {
        to[at] = from[i]!;
        at += stride;
      }
    }
  }
}

/** Rows of `width` numbers into rows padded to a multiple of 4; what lies between stays 0. */
function copyRows(from: Float64Array, width: number, to: Float32Array): void {
  const stride = padded(width);
  if (stride === width) {
    to.set(from);
    return;
  }
  const rows = from.length / width;
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < width; i++) to[r * stride + i] = from[r * width + i]!;
  }
}
