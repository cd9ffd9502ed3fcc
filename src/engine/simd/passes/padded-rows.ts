import type { Kernels } from '../machine/kernels';
import { padded, type Vector } from '../machine/shared-memory';

interface PaddedRowsOptions {
  readonly kernels: Kernels;
  readonly rows: number;
  readonly width: number;
  allocate(count: number): Vector;
}

/**
 * Rows of parameters as kernels want them, each a multiple of 4 numbers wide. Rows that are so already are used where they
 * lie; others go through a copy whose padding stays 0.
 */
export class PaddedRows {
  readonly stride: number;
  private readonly copies = new Map<number, Vector>();

  constructor(private readonly options: PaddedRowsOptions) {
    this.stride = padded(options.width);
  }

  private get inPlace(): boolean {
    return this.stride === this.options.width;
  }

  /** Where padded rows of this array lie, with its present values. */
  load(pointer: number): number {
    if (this.inPlace) return pointer;
    const { kernels, rows, width } = this.options;
    const copy = this.copyOf(pointer);
    kernels.copyRows(pointer, width, copy, this.stride, rows, width);
    return copy;
  }

  /** Where padded rows of this array lie, with the values of the last `load` or of what was written there since. */
  place(pointer: number): number {
    return this.inPlace ? pointer : this.copyOf(pointer);
  }

  /** Whether results that are added up may be added where the array lies. */
  addsInPlace(add: boolean): number {
    return this.inPlace && add ? 1 : 0;
  }

  /** Brings what was written to `place` back to the array, adding to it where asked. */
  store(pointer: number, add: boolean): void {
    if (this.inPlace) return;
    const { kernels, rows, width } = this.options;
    const bring = add ? kernels.addRows : kernels.copyRows;
    bring(this.copyOf(pointer), this.stride, pointer, width, rows, width);
  }

  private copyOf(pointer: number): number {
    let copy = this.copies.get(pointer);
    if (copy === undefined) {
      copy = this.options.allocate(this.options.rows * this.stride);
      this.copies.set(pointer, copy);
    }
    return copy.pointer;
  }
}
