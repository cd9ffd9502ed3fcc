import { wholeNumber } from './checks';

/** Lengths of an array's axes, slowest first. `[20, 13]` is 20 rows of 13. */
export type Shape = readonly number[];

/** How many entries an array of this shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** `20x13`, for messages. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join('x');
}

/** @throws InputError unless every axis is a whole number of at least 1. */
export function checkShape(name: string, shape: Shape): Shape {
  shape.forEach((length, axis) => {
    wholeNumber(`${name}, axis ${axis}`, length, 1);
  });
  return shape;
}

/** Whether two shapes are the same, axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
