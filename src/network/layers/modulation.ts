import { wholeNumber } from '../../core/checks';
import { InputError } from '../../core/errors';
import { madeBy } from '../../core/origin';
import { formatShape, type Shape, sizeOf } from '../../core/shape';
import type { Layer } from '../layer';

export interface ModulationLayer extends Layer {
  readonly kind: 'modulation';
  readonly neurons: number;
}

/**
 * A multiplicative gain and an additive threshold for each neuron, before its nonlinearity:
 * output = gain input + threshold. Both are fast and start at 1 and 0: in learning by modulation they are, with the
 * readout, all that learns inside a task (section 4.2).
 */
export function modulation(neurons: number): ModulationLayer {
  wholeNumber('modulation.neurons', neurons, 1);
  const shared = { shape: [neurons], role: 'fast', fanIn: 1 } as const;
  return madeBy('src/network/layers/modulation', 'modulation', [neurons], {
    kind: 'modulation',
    neurons,
    parameters: [
      { name: 'gain', initialiser: 'ones', ...shared },
      { name: 'threshold', initialiser: 'zeros', ...shared },
    ],
    neuronParameters: { gain: 'gain', threshold: 'threshold' },
    outputShape(input: Shape): Shape {
      if (sizeOf(input) === neurons) return input;
      throw new InputError({
        what: 'A modulation layer does not fit its input',
        got: formatShape(input),
        legal: `${neurons} neurons`,
      });
    },
  });
}
