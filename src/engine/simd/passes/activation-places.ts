import { type Shape, sizeOf } from '../../../core/shape';
import type { ActivationLayout, Activations } from '../layer-kernels';
import { padded } from '../machine/shared-memory';

/** How activations of a shape lie: an image [channels, rows, columns] by its pixels, anything else as one row of numbers. */
export function layoutOf(shape: Shape): ActivationLayout {
  const [width, rows] = shape.length === 3 ? [shape[0]!, shape[1]! * shape[2]!] : [sizeOf(shape), 1];
  return { rows, width, stride: padded(width) };
}

/** An array that is allocated when it is asked for first. */
export class Place {
  private at = 0;

  /** @param allocate gives a pointer, never 0 */
  constructor(private readonly allocate: () => number) {}

  get pointer(): number {
    if (this.at === 0) this.at = this.allocate();
    return this.at;
  }
}

/** Activations of a layout in a place, which others of the same place overwrite. */
export function activationsAt(place: { readonly pointer: number }, layout: ActivationLayout): Activations {
  const { rows, width, stride } = layout;
  return {
    ...{ rows, width, stride },
    get pointer() {
      return place.pointer;
    },
  };
}
