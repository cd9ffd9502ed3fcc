import type { Layer, ParameterRole } from '../../../network/layer';
import type { DeviceThis, Handle } from '../kernel-maker';
import { byRole, type LayerKernels, type LayerSurroundings } from '../layer-kernels';

/** Where a layer's weights and biases lie, each in the flat vector of their role, and how many there are. */
export interface WeightsAndBiases {
  readonly weight: number;
  readonly bias: number;
  readonly weights: number;
  readonly biases: number;
}

/** A product of weights with inputs that is linear in each, and its two transposes, as compiled kernels. */
interface PlannedProduct {
  /** weight input, plus the bias where there is one. */
  output(weights: Handle, biases: Handle, input: Handle): Handle;
  /** weight input, without a bias. */
  withoutBias(weights: Handle, input: Handle): Handle;
  /** The gradient by the input. */
  inputGradient(weights: Handle, outputGradient: Handle): Handle;
  /**
   * Makes what adds to a whole flat vector the gradients by weights and biases.
   * @param asked places of those that are asked for: of the others there are none
   */
  adder(
    asked: WeightsAndBiases,
    vectorSize: number,
  ): (vector: Handle, outputGradient: Handle, input: Handle) => Handle;
}

function plus(this: DeviceThis, a: number[][], b: number[][]) {
  return a[this.thread.y]![this.thread.x]! + b[this.thread.y]![this.thread.x]!;
}

/**
 * The kernels of output = weight input + bias, for any such product: by the product rule, with R{} for directional derivatives,
 * R{output} = weight R{input} + R{weight} input + R{bias}, and backwards alike. The first parameter is the weight; the second, the bias,
 * may be missing.
 */
export function bilinear<L extends Layer>(
  kind: L['kind'],
  planProduct: (surroundings: LayerSurroundings<L>, places: WeightsAndBiases) => PlannedProduct,
): LayerKernels<L> {
  return {
    kind,
    plan(surroundings) {
      const { samples, inputs, outputs, vectorSizes, make } = surroundings;
      const [weight, bias] = surroundings.places;
      const { role: ofWeights } = weight!.spec;
      const ofBiases = bias?.spec.role ?? ofWeights;
      const places = {
        ...{ weight: weight!.offset, bias: bias?.offset ?? 0 },
        ...{ weights: weight!.size, biases: bias?.size ?? 0 },
      };
      const product = planProduct(surroundings, places);
      const sum = make(plus, [outputs, samples]);
      const inputSum = make(plus, [inputs, samples]);
      const weightsOf = (role: ParameterRole) => (role === ofWeights ? places.weights : 0);
      const biasesOf = (role: ParameterRole) => (role === ofBiases ? places.biases : 0);
      const add = byRole((role) =>
        product.adder({ ...places, weights: weightsOf(role), biases: biasesOf(role) }, vectorSizes[role]),
      );
      const addToWeights = byRole((role) =>
        product.adder({ ...places, weights: weightsOf(role), biases: 0 }, vectorSizes[role]),
      );
      return {
        forward: (vectors, { input }) => product.output(vectors[ofWeights], vectors[ofBiases], input),
        inputGradient: (vectors, { outputGradient }) =>
          product.inputGradient(vectors[ofWeights], outputGradient),
        addParameterGradient: (role, gradient, { outputGradient, input }) =>
          add(role)(gradient, outputGradient, input),
        forwardTangent: (vectors, directions, { input, inputTangent }) =>
          sum(
            product.output(directions[ofWeights], directions[ofBiases], input),
            product.withoutBias(vectors[ofWeights], inputTangent),
          ),
        inputGradientTangent: (vectors, directions, { outputGradient, outputGradientTangent }) =>
          inputSum(
            product.inputGradient(vectors[ofWeights], outputGradientTangent),
            product.inputGradient(directions[ofWeights], outputGradient),
          ),
        addParameterGradientTangent(role, vector, around) {
          const { input, inputTangent, outputGradient, outputGradientTangent } = around;
          const moved = add(role)(vector, outputGradientTangent, input);
          return weightsOf(role) === 0 ? moved : addToWeights(role)(moved, outputGradient, inputTangent);
        },
      };
    },
  };
}
