import type { Kernels } from '../machine/kernels';
import { padded, type Vector } from '../machine/shared-memory';

interface ArrangedKernelOptions {
  readonly kernels: Kernels;
  readonly outputs: number;
  readonly inputs: number;
  /** Places of the kernel: its rows times its columns. */
  readonly size: number;
  /** Numbers that one place takes, its inputs and zeros behind them; and all places of an output, with zeros behind the last. */
  readonly channels: number;
  readonly columns: number;
  allocate(count: number): Vector;
}

/**
 * Weights of a convolution, [outputs][inputs][size], as windows of images lie: [outputs][size][inputs], with zeros where the arrangement leaves room,
 * and behind the last output zeros up to a multiple of 4 outputs.
 */
export class ArrangedKernel {
  private readonly copies = new Map<number, Vector>();

  constructor(private readonly options: ArrangedKernelOptions) {}

  /** Where the copy of this array lies, with its present values. */
  load(pointer: number): number {
    const { kernels, outputs, inputs, size, channels, columns } = this.options;
    const copy = this.place(pointer);
    kernels.arrangeKernel(pointer, outputs, inputs, size, channels, columns, copy);
    return copy;
  }

  /** Where it lies, with the values of the last `load` or of what was written there since. */
  place(pointer: number): number {
    let copy = this.copies.get(pointer);
    if (copy === undefined) {
      const { outputs, columns, allocate } = this.options;
      copy = allocate(padded(outputs) * columns);
      this.copies.set(pointer, copy);
    }
    return copy.pointer;
  }

  /** Brings what was written to `place` back to the array, adding to it where asked. */
  store(pointer: number, add: boolean): void {
    const { kernels, outputs, inputs, size, channels, columns } = this.options;
    const from = this.place(pointer);
    kernels.bringKernelBack(from, outputs, inputs, size, channels, columns, pointer, add ? 1 : 0);
  }
}
