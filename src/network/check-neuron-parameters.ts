import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { formatShape, sameShape } from '../core/shape';
import type { Layer, ParameterSpec } from './layer';

/**
 * Whether what a layer declares of its neurons is true: their gain and threshold are two fast parameters, of one shape.
 * @throws InputError naming the layer otherwise.
 */
export function checkNeuronParameters(layer: Layer, name: string): void {
  if (layer.neuronParameters === undefined) return;
  const { gain, threshold } = layer.neuronParameters;
  const gains = fastParameter(layer, gain, `The neurons' gain in ${name}`);
  const thresholds = fastParameter(layer, threshold, `The neurons' threshold in ${name}`);
  if (gains === thresholds) {
    throw new InputError({
      what: `The neurons' gain and threshold in ${name} are the same parameter`,
      got: gain,
      legal: 'two parameters',
    });
  }
  if (sameShape(gains.shape, thresholds.shape)) return;
  throw new InputError({
    what: `The neurons' gain and threshold in ${name} have different shapes`,
    got: `${formatShape(gains.shape)} and ${formatShape(thresholds.shape)}`,
    legal: 'one entry of each a neuron',
  });
}

function fastParameter(layer: Layer, parameter: string, what: string): ParameterSpec {
  const found = layer.parameters.find(({ name }) => name === parameter);
  if (found?.role === 'fast') return found;
  const legal = layer.parameters.filter(({ role }) => role === 'fast').map(({ name }) => name);
  throw new InputError({
    what: found === undefined ? `${what} is no parameter of that layer` : `${what} is not fast`,
    got: parameter,
    legal: legal.join(', ') || 'none: the layer has no fast parameters',
    advice: didYouMean(parameter, legal),
  });
}
