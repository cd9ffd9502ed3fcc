import type { BatchNormLayer } from '../../../network/layers/batch-norm';
import type { LayerKernels } from '../layer-kernels';
import { gainAndThreshold } from './modulation';
import { planNormalisation } from './normalisation';

/**
 * output = gain n + threshold with n = (a - mean a) / sqrt(variance a + epsilon), feature by feature, over samples and pixels: neurons whose
 * input is first normalised. Both n's change along a direction and the gradient by `a` go through the same projection.
 */
export const batchNormKernels: LayerKernels<BatchNormLayer> = {
  kind: 'batch-norm',
  plan(surroundings) {
    const neurons = gainAndThreshold<BatchNormLayer>('batch-norm').plan(surroundings);
    const { normalise, project, projectTangent } = planNormalisation(surroundings);
    return {
      keep: normalise,
      forward: (vectors, { kept: [normal] }) => neurons.forward(vectors, { input: normal!, kept: [] }),
      inputGradient(vectors, around) {
        const [normal, variance] = around.kept;
        const gradient = neurons.inputGradient(vectors, { ...around, input: normal! });
        return project(gradient, normal!, variance!);
      },
      addParameterGradient(role, gradient, around) {
        return neurons.addParameterGradient!(role, gradient, { ...around, input: around.kept[0]! });
      },
      forwardTangent(vectors, directions, around) {
        const [normal, variance] = around.kept;
        const inputTangent = project(around.inputTangent, normal!, variance!);
        return neurons.forwardTangent(vectors, directions, { ...around, input: normal!, inputTangent });
      },
      inputGradientTangent(vectors, directions, around) {
        const [normal, variance] = around.kept;
        const normalTangent = project(around.inputTangent, normal!, variance!);
        const within = { ...around, input: normal!, inputTangent: normalTangent };
        return projectTangent({
          gradient: neurons.inputGradient(vectors, within),
          gradientTangent: neurons.inputGradientTangent(vectors, directions, within),
          normal: normal!,
          normalTangent,
          inputTangent: around.inputTangent,
          variance: variance!,
        });
      },
      addParameterGradientTangent(role, product, around) {
        const [normal, variance] = around.kept;
        const inputTangent = project(around.inputTangent, normal!, variance!);
        return neurons.addParameterGradientTangent!(role, product, {
          ...around,
          input: normal!,
          inputTangent,
        });
      },
    };
  },
};
