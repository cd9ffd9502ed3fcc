import type { SharedArrays } from '../layer-kernels';
import type { Allocation, Vector } from '../machine/shared-memory';

/** Arrays in which the parts of a batch leave something for each other, side by side. */
export class SharedPlaces {
  private readonly places = new Map<string, Vector>();

  constructor(
    private readonly allocation: Allocation,
    private readonly parts: number,
  ) {}

  /** Arrays of `count` numbers each, whose bytes are whole cache lines, as part `index` sees them. */
  of(name: string, count: number, index: number): SharedArrays {
    const { parts } = this;
    const each = Math.ceil(count / 16) * 16;
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.allocation.vector(each * parts);
      this.places.set(name, place);
    }
    const { pointer } = place;
    return { own: pointer + 4 * each * index, first: pointer, parts, bytes: 4 * each };
  }

  close(): void {
    for (const place of this.places.values()) this.allocation.release(place);
  }
}
