import { z } from 'zod';
import { wholeNumber } from '../../core/checks';
import { madeBy } from '../../core/origin';
import type { Shape } from '../../core/shape';
import { validate } from '../../core/validate';
import { asImage, windows } from '../image';
import type { Layer } from '../layer';

/** A layer that makes one number of each window of each channel. */
export interface PoolLayer extends Layer {
  readonly kind: 'max-pool' | 'average-pool';
  /** Rows and columns of a window. */
  readonly size: number;
  readonly stride: number;
}

/** Settings of a pool. */
export interface PoolOptions {
  /** Pixels from one window to the next. Default: the window's size, so that windows lie side by side. */
  readonly stride?: number;
}

const poolOptions = z.strictObject({ stride: z.int().min(1).optional() });

function pool(kind: PoolLayer['kind'], size: number, options: PoolOptions): PoolLayer {
  wholeNumber(`${kind}.size`, size, 1);
  const { stride = size } = validate(poolOptions, options, `the options of ${kind}`);
  return {
    kind,
    size,
    stride,
    parameters: [],
    outputShape(input: Shape): Shape {
      const [channels, height, width] = asImage(`The layer ${kind}`, input);
      const places = (pixels: number): number => windows(`The window of ${kind}`, pixels, size, stride);
      return [channels, places(height), places(width)];
    },
  };
}

/**
 * The largest number of each window; of equal ones the first by rows, which alone has a derivative. Windows that do not fit are left
 * out; they may overlap.
 * @throws InputError where a size is not legal.
 */
export function maxPool(size: number, options: PoolOptions = {}): PoolLayer {
  return madeBy(
    'src/network/layers/pool',
    'maxPool',
    [size, { ...options }],
    pool('max-pool', size, options),
  );
}

/**
 * The mean of each window. Windows that do not fit are left out; they may overlap.
 * @throws InputError where a size is not legal.
 */
export function averagePool(size: number, options: PoolOptions = {}): PoolLayer {
  return madeBy(
    'src/network/layers/pool',
    'averagePool',
    [size, { ...options }],
    pool('average-pool', size, options),
  );
}
