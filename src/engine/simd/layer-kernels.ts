import type { Layer } from '../../network/layer';
import type { Kernels } from './machine/kernels';
import type { Vector } from './machine/shared-memory';

/** Activations of a batch: [samples][stride], the columns behind `width` always 0. */
export interface Activations {
  /** Where they lie; that of a network's input changes with the batch. */
  pointer: number;
  readonly width: number;
  /** Numbers from one sample to the next: the width, padded to a multiple of 4. */
  readonly stride: number;
}

/** One parameter of a layer, as byte offsets of float32 arrays in its role's flat vectors; 0 where not asked for. */
export interface ParameterPlace {
  readonly values: number;
  readonly gradient: number;
  readonly direction: number;
  readonly product: number;
}

/** What one layer works with, in passes over batches of one number of samples. */
interface LayerSurroundings<L extends Layer = Layer> {
  readonly layer: L;
  readonly samples: number;
  readonly kernels: Kernels;
  /** A scratch array of this pass. */
  allocate(count: number): Vector;
  readonly parameters: readonly ParameterPlace[];
  readonly input: Activations;
  readonly output: Activations;
  readonly outputGradient: Activations;
  /** null where nothing below needs it. */
  readonly inputGradient: Activations | null;
  /** null at the network's input, which does not move. */
  readonly inputTangent: Activations | null;
  readonly outputTangent: Activations;
  readonly outputGradientTangent: Activations;
  readonly inputGradientTangent: Activations | null;
}

/** A layer bound to its arrays. `add`: whether parameter gradients are added to, or written anew. */
export interface BoundLayer {
  forward(): void;
  backward(add: boolean): void;
  /** After `forward`. */
  forwardTangent(): void;
  /** After `backward` and `forwardTangent`. */
  backwardTangent(add: boolean): void;
}

/** How the simd engine works out one kind of layer. */
export interface LayerKernels<L extends Layer = Layer> {
  readonly kind: L['kind'];
  bind(surroundings: LayerSurroundings<L>): BoundLayer;
}
