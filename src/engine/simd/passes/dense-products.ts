import type { Kernels } from '../machine/kernels';
import { padded, type Vector } from '../machine/shared-memory';
import { columnRoom, fullRoom } from './packing-room';

/** From so many samples on, laying columns of weights out for the forward product costs less than it saves. */
const fewSamples = 4;
/** The other products gain by packed operands from so many samples on, in layers of so many inputs and outputs. */
const manySamples = 32;
const wideLayer = 128;

interface DenseProductsOptions {
  readonly kernels: Kernels;
  readonly samples: number;
  readonly inputs: number;
  readonly outputs: number;
  allocate(count: number): Vector;
}

/**
 * The products of a dense layer with weights w [outputs][inputs], for batches of one number of samples: by pointers to rows that are padded to a multiple of 4
 * numbers.
 */
export class DenseProducts {
  private readonly inputRow: number;
  private readonly outputRow: number;
  private readonly room: number;
  private readonly backRoom: number;

  constructor(private readonly options: DenseProductsOptions) {
    const { samples, inputs, outputs, allocate } = options;
    [this.inputRow, this.outputRow] = [padded(inputs), padded(outputs)];
    const packs = samples >= manySamples && Math.min(inputs, outputs) >= wideLayer;
    const byColumns = samples >= fewSamples && outputs >= 4;
    this.room = byColumns ? allocate(packs ? fullRoom : columnRoom(inputs, outputs)).pointer : 0;
    this.backRoom = packs ? this.room : 0;
  }

  /** to = x w^T + b, or added to it. */
  apply(x: number, w: number, b: number, to: number, add: number): void {
    const { kernels, samples, inputs, outputs } = this.options;
    const { inputRow, outputRow, room } = this;
    kernels.multiplyTransposed(
      x,
      inputRow,
      w,
      inputRow,
      b,
      to,
      outputRow,
      samples,
      inputs,
      outputs,
      add,
      room,
    );
  }

  /** to = x turned + b, with the weights laid out as [inputs][outputs], and a row of biases that is padded; b = 0 is none. */
  applyTurned(x: number, turned: number, b: number, to: number): void {
    const { kernels, samples, inputs } = this.options;
    const { inputRow, outputRow, backRoom } = this;
    kernels.multiplyAdd(
      ...[x, inputRow, 1, turned, outputRow, b, to, outputRow, samples, inputs, outputRow, 0, backRoom],
    );
  }

  /** to = slope w: what reaches the inputs, or added to it. */
  applyBack(slope: number, w: number, to: number, add: number): void {
    const { kernels, samples, outputs } = this.options;
    const { inputRow, outputRow, backRoom } = this;
    kernels.multiplyAdd(
      ...[slope, outputRow, 1, w, inputRow, 0, to, inputRow, samples, outputs, inputRow, add, backRoom],
    );
  }

  /** Outer products of slopes and inputs, summed over samples. */
  collect(slope: number, x: number, to: number, add: number): void {
    const { kernels, samples, outputs } = this.options;
    const { inputRow, outputRow, backRoom } = this;
    kernels.multiplyAdd(
      ...[slope, 1, outputRow, x, inputRow, 0, to, inputRow, outputs, samples, inputRow, add, backRoom],
    );
  }
}
