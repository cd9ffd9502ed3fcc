import type { Input } from 'gpu.js';
import type { Batch } from '../../data/batch';
import type { Handle } from './kernel-maker';
import type { Handles, PlanValues } from './plan';
import { layoutOf } from './texture-layout';

/** A batch on the device, and the weight that its loss has. */
export interface DeviceBatch {
  readonly x: Handle;
  readonly y: Handle;
  readonly weight: Handle;
}

/** Makes of batches what plans are called with; a batch's numbers are made single once. */
export class DeviceBatches {
  private readonly made = new WeakMap<Batch, { readonly x: Input; readonly y: Input }>();

  /** @param make of GPU.js: numbers row by row, and their sizes, fastest axis first */
  constructor(
    private readonly make: typeof Input,
    private readonly mode: string,
  ) {}

  /** @param name `train` or `replay` */
  values(name: string, batch: Batch, weight: number): PlanValues {
    let made = this.made.get(batch);
    if (made === undefined) {
      made = {
        x: this.laidOut(Float32Array.from(batch.x), batch.inputs, batch.samples),
        y: this.laidOut(Float32Array.from(batch.y), batch.targets, batch.samples),
      };
      this.made.set(batch, made);
    }
    return { [`${name} x`]: made.x, [`${name} y`]: made.y, [`${name} weight`]: weight };
  }

  /** Zeros in the form of a batch's inputs. */
  still({ inputs, samples }: Batch): Input {
    return this.laidOut(new Float32Array(inputs * samples), inputs, samples);
  }

  private laidOut(values: Float32Array, width: number, samples: number): Input {
    return new this.make(values as never, layoutOf(this.mode, [width, samples]) as never);
  }
}

/** The batch of that name, among the values of a plan. */
export function deviceBatch(name: string, values: Handles): DeviceBatch {
  return { x: values[`${name} x`]!, y: values[`${name} y`]!, weight: values[`${name} weight`]! };
}
