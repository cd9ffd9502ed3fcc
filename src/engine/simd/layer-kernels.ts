import type { Shape } from '../../core/shape';
import type { Layer, ParameterRole } from '../../network/layer';
import type { Kernels } from './machine/kernels';
import type { Vector } from './machine/shared-memory';

/** How activations lie: [samples][rows][stride], the columns behind `width` always 0. An image has a row a pixel, of its channels. */
export interface ActivationLayout {
  /** Of one sample: 1, or the pixels of an image. */
  readonly rows: number;
  /** Units, or an image's channels. */
  readonly width: number;
  /** Numbers from one row to the next: the width, padded to a multiple of 4. */
  readonly stride: number;
}

/** Activations of a batch. */
export interface Activations extends ActivationLayout {
  /** Where they lie; that of a network's input changes with the batch. */
  readonly pointer: number;
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
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly samples: number;
  readonly kernels: Kernels;
  /** A scratch array of this pass. */
  allocate(count: number): Vector;
  /** A scratch array that all layers of this pass use by turns, for nothing that lasts; only one of a name. */
  workspace(name: Workspace, count: number): { readonly pointer: number };
  /** An array of the whole batch, for what the parts that it is cut into leave for each other: one of a name a layer. */
  shared(name: string, count: number): SharedArrays;
  readonly parameters: readonly ParameterPlace[];
  /** Where batch norm finds and leaves statistics, at the places of this layer. */
  readonly statistics: LayerStatistics;
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

/** Where means and variances of one layer lie, as `runningLayout` has them; they change with what a pass is asked for. */
export interface LayerStatistics {
  /** Those to evaluate by; null for those of the batch at hand. */
  given(): StatisticsPlace | null;
  /** Where to leave those of the batch at hand; null for nowhere. */
  noted(): StatisticsPlace | null;
}

interface StatisticsPlace {
  readonly means: number;
  readonly variances: number;
}

export type Workspace = 'windows' | 'packing' | 'sums';

/** One array a part of a batch, side by side. */
export interface SharedArrays {
  /** That of this part. */
  readonly own: number;
  /** That of the first part, behind which the others follow. */
  readonly first: number;
  readonly parts: number;
  /** Bytes from one to the next. */
  readonly bytes: number;
}

/** What a layer that couples samples needs of all of them before a pass goes through it. */
export interface Gathering {
  /** Works out this part's share. */
  gather(): void;
  /** Joins the shares of all parts, once these are there; one part does it for all. */
  join(): void;
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
  /** Where the layer couples samples: what comes before each of these. */
  readonly before?: Readonly<Record<Passage, Gathering>>;
}

/** The ways through a layer. */
export type Passage = 'forward' | 'backward' | 'forwardTangent' | 'backwardTangent';

/** How the simd engine works out one kind of layer. */
export interface LayerKernels<L extends Layer = Layer> {
  readonly kind: L['kind'];
  /** Whether all passes need of its input is its output, number by number, so that both may be one array. */
  readonly inPlace?: true;
  /** Whether its backward passes read its output, which then no layer behind it may change. */
  readonly readsOutput?: true;
  bind(surroundings: LayerSurroundings<L>): BoundLayer;
}
