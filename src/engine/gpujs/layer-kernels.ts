import type { Layer } from '../../network/layer';
import type { Handle, KernelMaker } from './kernel-maker';

/** One parameter of a layer: where it begins in the flat vector of its role, and how many entries it has. */
interface ParameterPlace {
  readonly offset: number;
  readonly size: number;
}

/** What one layer's kernels are compiled for. */
interface LayerSurroundings<L extends Layer = Layer> {
  readonly layer: L;
  readonly samples: number;
  /** Numbers of one sample's input and output. */
  readonly inputs: number;
  readonly outputs: number;
  /** The parameters by their order in the layer's description. */
  readonly places: readonly ParameterPlace[];
  /** Length of the flat vector that the parameters lie in. */
  readonly vectorSize: number;
  readonly make: KernelMaker;
}

/** The activations around a layer in one pass. */
interface LayerActivations {
  readonly input: Handle;
  readonly output: Handle;
  readonly outputGradient: Handle;
}

/** The same, and their directional derivatives along a change of the parameters (R-operator). */
interface TangentActivations extends LayerActivations {
  readonly inputTangent: Handle;
  readonly outputTangent: Handle;
  readonly outputGradientTangent: Handle;
}

/** A layer's kernels, compiled. `parameters` and `direction` are whole flat vectors of the layer's role. */
export interface PlannedLayer {
  /** The output of an input. */
  forward(parameters: Handle, input: Handle): Handle;
  /** dL/dinput. */
  inputGradient(parameters: Handle, around: LayerActivations): Handle;
  /** The whole vector of dL/dparameters with this layer's part added; absent where it has none. */
  addParameterGradient?(gradient: Handle, around: LayerActivations): Handle;
  /** The output's tangent, of the input's and of the direction in which the parameters move. */
  forwardTangent(
    parameters: Handle,
    direction: Handle,
    around: Pick<TangentActivations, 'input' | 'output' | 'inputTangent'>,
  ): Handle;
  /** The tangent of dL/dinput. */
  inputGradientTangent(parameters: Handle, direction: Handle, around: TangentActivations): Handle;
  /** The whole vector of tangents of dL/dparameters with this layer's part added; absent where it has none. */
  addParameterGradientTangent?(product: Handle, around: TangentActivations): Handle;
}

/** How the gpujs engine works out one kind of layer. */
export interface LayerKernels<L extends Layer = Layer> {
  readonly kind: L['kind'];
  plan(surroundings: LayerSurroundings<L>): PlannedLayer;
}
