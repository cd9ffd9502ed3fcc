import type { ActivationLayout } from '../layer-kernels';
import type { Kernels } from '../machine/kernels';
import type { Vector } from '../machine/shared-memory';
import { PaddedRows } from './padded-rows';

interface NeuronRowsOptions {
  readonly kernels: Kernels;
  readonly layout: ActivationLayout;
  allocate(count: number): Vector;
}

/** One number a neuron, as the activations of one sample lie: for the neurons of an image, by pixels and their channels. */
export interface NeuronRows {
  /** Where they lie, with the present values of an array of parameters. */
  load(pointer: number): number;
  /** Where they lie, with the values of the last `load` or of what was written there since. */
  place(pointer: number): number;
  /** Whether results that are added up may be added where the array lies. */
  addsInPlace(add: boolean): number;
  /** Brings what was written to `place` back to the array, adding to it where asked. */
  store(pointer: number, add: boolean): void;
}

export function neuronRows({ kernels, layout, allocate }: NeuronRowsOptions): NeuronRows {
  const { rows, width, stride } = layout;
  if (rows === 1) return new PaddedRows({ kernels, rows: 1, width, allocate });
  const flat = allocate(rows * width).pointer;
  const copies = new Map<number, Vector>();
  const place = (pointer: number): number => {
    const copy = copies.get(pointer) ?? allocate(rows * stride);
    copies.set(pointer, copy);
    return copy.pointer;
  };
  return {
    place,
    load(pointer) {
      kernels.unflattenImages(pointer, rows * width, place(pointer), rows, stride, width, 1);
      return place(pointer);
    },
    addsInPlace: () => 0,
    store(pointer, add) {
      kernels.flattenImages(place(pointer), rows, stride, width, flat, rows * width, 1);
      const bring = add ? kernels.addRows : kernels.copyRows;
      bring(flat, 0, pointer, 0, 1, rows * width);
    },
  };
}
