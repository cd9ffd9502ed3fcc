import { InputError } from '../core/errors';
import { formatShape, type Shape } from '../core/shape';

/** Shape of an image: [channels, rows, columns]. */
export type ImageShape = readonly [channels: number, rows: number, columns: number];

/**
 * A shape as that of an image.
 * @param channels How many it is to have, where that is known.
 * @throws InputError where it is none.
 */
export function asImage(what: string, shape: Shape, channels?: number): ImageShape {
  if (shape.length === 3 && (channels === undefined || shape[0] === channels))
    return shape as unknown as ImageShape;
  throw new InputError({
    what: `${what} does not fit its input`,
    got: formatShape(shape),
    legal: `an image, [${channels ?? 'channels'}, rows, columns]`,
    advice:
      shape.length === 3
        ? `Change its input channels to ${shape[0]}, or the layer before it`
        : 'Give the network the shape of an image, and flatten it only behind its last convolution or pool',
  });
}

/**
 * In how many places a window fits: floor((pixels - size) / stride) + 1.
 * @throws InputError where it fits in none.
 */
export function windows(what: string, pixels: number, size: number, stride: number): number {
  if (pixels >= size) return Math.floor((pixels - size) / stride) + 1;
  throw new InputError({
    what: `${what} is larger than what it is laid on`,
    got: `${size} pixels`,
    legal: `${pixels} at the most`,
    advice: 'Make it smaller, or leave out a pool or a stride before it',
  });
}
