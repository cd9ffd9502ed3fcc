import type { PoolLayer } from '../../../network/layers/pool';
import type { DeviceThis, Handle } from '../kernel-maker';
import type { LayerKernels, LayerSurroundings } from '../layer-kernels';
import { quotientText } from '../quotient';

interface Sizes {
  /** Rows and columns of a window. */
  readonly size: number;
  readonly stride: number;
  /** In how many windows a row of the input may lie, of those that follow each other. */
  readonly reach: number;
  /** Of an image that comes in. */
  readonly height: number;
  readonly width: number;
  /** Of an image that goes out. */
  readonly rows: number;
  readonly columns: number;
}

declare function quotient(whole: number, part: number): number;

/** The place in its sample of a window's largest number: the first of equal ones by rows; the first NaN, where there is one. */
function findLargest(this: DeviceThis<Sizes>, input: number[][]) {
  const line = quotient(this.thread.x, this.constants.columns);
  const c = quotient(line, this.constants.rows);
  const top = c * this.constants.height + (line - c * this.constants.rows) * this.constants.stride;
  const left = (this.thread.x - line * this.constants.columns) * this.constants.stride;
  let found = top * this.constants.width + left;
  let largest = input[this.thread.y]![found]!;
  for (let i = 0; i < this.constants.size; i++) {
    for (let j = 0; j < this.constants.size; j++) {
      const at = (top + i) * this.constants.width + left + j;
      const value = input[this.thread.y]![at]!;
      // Neither comparison holds of what is not a number.
      const isNumber = largest <= 0 || largest > 0;
      if (isNumber && !(value <= largest)) {
        found = at;
        largest = value;
      }
    }
  }
  return found;
}

function take(this: DeviceThis<Sizes>, places: number[][], from: number[][]) {
  return from[this.thread.y]![places[this.thread.y]![this.thread.x]!]!;
}

/** What the windows around a number hand back to it: what those do whose largest it is. */
function give(this: DeviceThis<Sizes>, places: number[][], from: number[][]) {
  const line = quotient(this.thread.x, this.constants.width);
  const c = quotient(line, this.constants.height);
  const row = line - c * this.constants.height;
  const column = this.thread.x - line * this.constants.width;
  const bottom = quotient(row, this.constants.stride);
  const right = quotient(column, this.constants.stride);
  let sum = 0;
  for (let i = 0; i < this.constants.reach; i++) {
    const y = bottom - i;
    if (y >= 0 && y < this.constants.rows && row - y * this.constants.stride < this.constants.size) {
      for (let j = 0; j < this.constants.reach; j++) {
        const x = right - j;
        if (
          x >= 0 &&
          x < this.constants.columns &&
          column - x * this.constants.stride < this.constants.size
        ) {
          const at = (c * this.constants.rows + y) * this.constants.columns + x;
          if (places[this.thread.y]![at]! === this.thread.x) sum += from[this.thread.y]![at]!;
        }
      }
    }
  }
  return sum;
}

function average(this: DeviceThis<Sizes>, from: number[][]) {
  const line = quotient(this.thread.x, this.constants.columns);
  const c = quotient(line, this.constants.rows);
  const top = c * this.constants.height + (line - c * this.constants.rows) * this.constants.stride;
  const left = (this.thread.x - line * this.constants.columns) * this.constants.stride;
  let sum = 0;
  for (let i = 0; i < this.constants.size; i++) {
    for (let j = 0; j < this.constants.size; j++) {
      sum += from[this.thread.y]![(top + i) * this.constants.width + left + j]!;
    }
  }
  return sum / (this.constants.size * this.constants.size);
}

/** A number's share of what the windows around it hand back. */
function share(this: DeviceThis<Sizes>, from: number[][]) {
  const line = quotient(this.thread.x, this.constants.width);
  const c = quotient(line, this.constants.height);
  const row = line - c * this.constants.height;
  const column = this.thread.x - line * this.constants.width;
  const bottom = quotient(row, this.constants.stride);
  const right = quotient(column, this.constants.stride);
  let sum = 0;
  for (let i = 0; i < this.constants.reach; i++) {
    const y = bottom - i;
    if (y >= 0 && y < this.constants.rows && row - y * this.constants.stride < this.constants.size) {
      for (let j = 0; j < this.constants.reach; j++) {
        const x = right - j;
        if (
          x >= 0 &&
          x < this.constants.columns &&
          column - x * this.constants.stride < this.constants.size
        ) {
          sum += from[this.thread.y]![(c * this.constants.rows + y) * this.constants.columns + x]!;
        }
      }
    }
  }
  return sum / (this.constants.size * this.constants.size);
}

/** A pool is linear in its input once it is known what each output takes of its window: tangents are moved as values are. */
function linearPool(
  kind: PoolLayer['kind'],
  plan: (surroundings: LayerSurroundings<PoolLayer>, sizes: Sizes) => PlannedPool,
): LayerKernels<PoolLayer> {
  return {
    kind,
    plan(surroundings) {
      const { size, stride } = surroundings.layer;
      const [, height, width] = surroundings.inputShape as [number, number, number];
      const [, rows, columns] = surroundings.outputShape as [number, number, number];
      const reach = Math.ceil(size / stride);
      const { keep, down, up } = plan(surroundings, { size, stride, reach, height, width, rows, columns });
      return {
        keep,
        forward: (_vectors, { kept, input }) => down(...kept, input),
        inputGradient: (_vectors, { kept, outputGradient }) => up(...kept, outputGradient),
        forwardTangent: (_vectors, _directions, { kept, inputTangent }) => down(...kept, inputTangent),
        inputGradientTangent: (_vectors, _directions, { kept, outputGradientTangent }) =>
          up(...kept, outputGradientTangent),
      };
    },
  };
}

interface PlannedPool {
  /** What of the input decides what each output takes. */
  keep?(input: Handle): readonly Handle[];
  /** Of what is kept and of numbers of the input's shape, numbers of the output's; and its transpose. */
  down(...of: Handle[]): Handle;
  up(...of: Handle[]): Handle;
}

/** The largest number of each window. */
export const maxPoolKernels = linearPool('max-pool', ({ samples, inputs, outputs, make }, sizes) => {
  const constants = { ...sizes };
  const places = make(findLargest, [outputs, samples], constants, [quotientText]);
  return {
    keep: (input) => [places(input)],
    down: make(take, [outputs, samples]),
    up: make(give, [inputs, samples], constants, [quotientText]),
  };
});

/** The mean of each window. */
export const averagePoolKernels = linearPool('average-pool', ({ samples, inputs, outputs, make }, sizes) => ({
  down: make(average, [outputs, samples], { ...sizes }, [quotientText]),
  up: make(share, [inputs, samples], { ...sizes }, [quotientText]),
}));
