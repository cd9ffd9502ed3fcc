import type { Layer, ParameterRole } from '../../network/layer';
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

/** One parameter of a layer, as byte offsets of float32 arrays in its role's flat vectors. */
export interface ParameterPlace {
  readonly role: ParameterRole;
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
  readonly inputGradient: Activations;
  /** null at the network's input, which does not move. */
  readonly inputTangent: Activations | null;
  readonly outputTangent: Activations;
  readonly outputGradientTangent: Activations;
  readonly inputGradientTangent: Activations;
}

/** What a backward pass is to give at one layer. */
export interface Wanted {
  /** Whose gradients: those of other parameters stay as they are. */
  readonly role: ParameterRole;
  /** Whether these gradients are added to, or written anew. */
  readonly add: boolean;
  /** Whether the gradient by the input is needed, by a layer below. */
  readonly below: boolean;
}

/**
 * A layer bound to its arrays, once for both roles: what `forward` has brought to scratch arrays is what the other passes find
 * there.
 */
export interface BoundLayer {
  forward(): void;
  /** After `forward`. */
  backward(wanted: Wanted): void;
  /** After `forward`. */
  forwardTangent(): void;
  /** After `backward` and `forwardTangent`. */
  backwardTangent(wanted: Wanted): void;
}

/** How the simd engine works out one kind of layer. */
export interface LayerKernels<L extends Layer = Layer> {
  readonly kind: L['kind'];
  bind(surroundings: LayerSurroundings<L>): BoundLayer;
}
