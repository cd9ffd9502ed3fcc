import type { Shape } from '../../core/shape';
import type { Layer, ParameterRole } from '../../network/layer';
import type { ParameterBlock } from '../../network/network';
import type { Handle, KernelMaker } from './kernel-maker';

/** The flat vectors of both roles on the device; that of `meta` is not there where a network has no such parameters. */
export type RoleVectors = Readonly<Record<ParameterRole, Handle>>;

/** What one layer's kernels are compiled for. */
export interface LayerSurroundings<L extends Layer = Layer> {
  readonly layer: L;
  readonly samples: number;
  /** Shape of one sample's input and output. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Numbers of one sample's input and output. */
  readonly inputs: number;
  readonly outputs: number;
  /** The parameters by their order in the layer's description, each in the flat vector of its own role. */
  readonly places: readonly ParameterBlock[];
  /** Lengths of these flat vectors. */
  readonly vectorSizes: Readonly<Record<ParameterRole, number>>;
  readonly make: KernelMaker;
}

/** What a layer takes in one pass. */
interface LayerInput {
  readonly input: Handle;
  /** What `keep` made of that input; nothing, where the layer has no such method. */
  readonly kept: readonly Handle[];
}

/** What a layer took, and what it made of that. */
export interface LayerValues extends LayerInput {
  readonly output: Handle;
}

/** The activations around a layer in one pass. */
interface LayerActivations extends LayerValues {
  readonly outputGradient: Handle;
}

/** The same, and their directional derivatives along a change of the parameters (R-operator). */
interface TangentActivations extends LayerActivations {
  readonly inputTangent: Handle;
  readonly outputTangent: Handle;
  readonly outputGradientTangent: Handle;
}

/** A layer's kernels, compiled. `vectors` and `directions` are whole flat vectors. */
export interface PlannedLayer {
  /** What all else here needs of an input, whatever the parameters: it is worked out once a pass. */
  keep?(input: Handle): readonly Handle[];
  /** The output of an input. */
  forward(vectors: RoleVectors, of: LayerInput): Handle;
  /** dL/dinput. */
  inputGradient(vectors: RoleVectors, around: LayerActivations): Handle;
  /** The whole vector of dL/dparameters of one role, with this layer's part added; absent where it has no parameters. */
  addParameterGradient?(role: ParameterRole, gradient: Handle, around: LayerActivations): Handle;
  /** The output's tangent, of the input's and of the direction in which the parameters move. */
  forwardTangent(
    vectors: RoleVectors,
    directions: RoleVectors,
    around: LayerValues & Pick<TangentActivations, 'inputTangent'>,
  ): Handle;
  /** The tangent of dL/dinput. */
  inputGradientTangent(vectors: RoleVectors, directions: RoleVectors, around: TangentActivations): Handle;
  /** The whole vector of tangents of dL/dparameters of one role, with this layer's part added. */
  addParameterGradientTangent?(role: ParameterRole, product: Handle, around: TangentActivations): Handle;
}

/** How the gpujs engine works out one kind of layer. */
export interface LayerKernels<L extends Layer = Layer> {
  readonly kind: L['kind'];
  plan(surroundings: LayerSurroundings<L>): PlannedLayer;
}

/** What is made for a role when that role is first asked for. */
export function byRole<T>(make: (role: ParameterRole) => T): (role: ParameterRole) => T {
  const made = new Map<ParameterRole, T>();
  return (role) => {
    const known = made.get(role) ?? make(role);
    made.set(role, known);
    return known;
  };
}
