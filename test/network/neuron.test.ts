import { inspect } from 'node:util';
import fc from 'fast-check';
import { modulatedSinusoidMlp, sinusoidMlp } from '../../models/sinusoid-mlp';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import type { Layer, ParameterSpec } from '../../src/network/layer';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { neuronsOf } from '../../src/network/neuron';
import { complexSynapse } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';
import { makeTask } from '../../src/tasks/task';

const hidden = 3;
const network = modulatedSinusoidMlp(hidden);
function open() {
  const population = new Population(network.synapse, network.topology);
  return { population, phi: population.values('phi'), neurons: neuronsOf(network, population) };
}

/** A layer of three neurons with parameters of its own names, as another author would write it. */
const scale: ParameterSpec = { name: 'scale', shape: [3], role: 'fast', initialiser: 'ones', fanIn: 1 };
const shift: ParameterSpec = { ...scale, name: 'shift', initialiser: 'zeros' };
const define = (part: Partial<Layer>) =>
  defineNetwork({
    input: [3],
    layers: [{ kind: 'own', parameters: [shift, scale], outputShape: (input) => input, ...part }],
    loss: mse,
    synapse: complexSynapse,
  });
const neuronParameters = { gain: 'scale', threshold: 'shift' };

describe('a neuron is a live view on its population', () => {
  it('reads what the arrays hold now', () => {
    const { phi, neurons } = open();
    const neuron = neurons[4]!;
    phi[neuron.gainIndex] = 2;
    phi[neuron.thresholdIndex] = -1;
    expect([neuron.gain, neuron.threshold]).toEqual([2, -1]);
    phi[neuron.gainIndex] = 7;
    expect(neuron.gain).toBe(7);
  });

  it('writes into the arrays, at its own two places only', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.nat(2 * hidden - 1), numbers, numbers, (which, gain, threshold) => {
        const { phi, neurons } = open();
        const neuron = neurons[which]!;
        const expected = phi.slice();
        expected[neuron.gainIndex] = gain;
        expected[neuron.thresholdIndex] = threshold;
        Object.assign(neuron, { gain, threshold });
        expect(phi).toEqual(expected);
      }),
    );
  });

  it.each(['gain', 'threshold'] as const)(
    'refuses a %s that is no finite number, and changes nothing',
    (name) => {
      const { phi, neurons } = open();
      for (const value of [Number.NaN, Infinity]) {
        expect(() => Object.assign(neurons[1]!, { [name]: value })).toThrow(InputError);
      }
      expect(phi).toEqual(new Float64Array(network.size));
    },
  );

  it('shares its values with the synapses of the same population', () => {
    const { population, neurons } = open();
    neurons[5]!.threshold = 0.5;
    expect(population.synapses[neurons[5]!.thresholdIndex]!.phi).toBe(0.5);
  });

  it('is printed with its place and its values', () => {
    const { neurons } = open();
    neurons[5]!.gain = 1;
    expect(inspect(neurons[5])).toBe('Neuron { layer: 4, unit: 2, gain: 1, threshold: 0 }');
  });

  it('becomes the same as JSON', () => {
    expect(JSON.parse(JSON.stringify(open().neurons[3]))).toEqual({
      layer: 4,
      unit: 0,
      gain: 0,
      threshold: 0,
    });
  });
});

describe('the neurons of a network', () => {
  it('come layer after layer, unit after unit', () => {
    const places = open().neurons.map(({ layer, unit }) => [layer, unit]);
    expect(places).toEqual([1, 4].flatMap((layer) => [0, 1, 2].map((unit) => [layer, unit])));
  });

  it('lie where the topology says that their gain and threshold are', () => {
    for (const { layer, unit, gainIndex, thresholdIndex } of open().neurons) {
      const own = { layer, from: null, to: unit };
      expect(network.topology.connection(gainIndex)).toEqual({ ...own, parameter: 'gain' });
      expect(network.topology.connection(thresholdIndex)).toEqual({ ...own, parameter: 'threshold' });
    }
  });

  it('have their gain and threshold under the names and in the order that their layer declares', () => {
    const own = define({ neuronParameters });
    const neurons = neuronsOf(own, new Population(own.synapse, own.topology));
    expect(neurons.map(({ gainIndex, thresholdIndex }) => [gainIndex, thresholdIndex])).toEqual([
      [3, 0],
      [4, 1],
      [5, 2],
    ]);
  });

  it('are none where no layer declares neurons', () => {
    const plain = sinusoidMlp(hidden);
    expect([...neuronsOf(plain, new Population(plain.synapse, plain.topology))]).toEqual([]);
  });

  it('are printed with the first of them and how many more there are', () => {
    expect(inspect(open().neurons)).toMatch(/^Neurons\(6\) \[\n {2}Neuron \{ layer: 1.*\.\.\. 3 more\n\]$/s);
  });

  it('are not found in the population of another network', () => {
    const other = modulatedSinusoidMlp(hidden + 1);
    expect(() => neuronsOf(network, new Population(other.synapse, other.topology))).toThrow(
      /population of the neurons has the wrong length\. Got 21\. Legal: 16/,
    );
  });

  it('are live in a simulation, where gains start at 1 and thresholds at 0', async () => {
    const task = makeTask({ name: 'sinusoid', ...sinusoids().sample(new RandomStream('task', 'seed'))! });
    const phase = { optimizer: sgd({ rate: 0.1 }), steps: 1 };
    const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });
    const simulation = simulate({ network, task, rule, meta: { optimizer: sgd({ rate: 0.1 }) } });
    expect(simulation.neurons.map(({ gain, threshold }) => [gain, threshold])).toEqual(
      Array(2 * hidden).fill([1, 0]),
    );
    simulation.neurons[1]!.gain = 3;
    expect(simulation.synapses[1]!.phi).toBe(3);
    await simulation.close();
  });
});

describe('a network is refused where a layer declares neurons', () => {
  it.each<[string, Partial<Layer>, RegExp]>([
    [
      'with a parameter that it lacks',
      { neuronParameters: { gain: 'scales', threshold: 'shift' } },
      /gain in layer 0 \(own\) is no parameter .*Got "scales"\. Legal: shift, scale\. Did you mean "scale"/,
    ],
    [
      'with a parameter that is not fast',
      { neuronParameters, parameters: [scale, { ...shift, role: 'meta' }] },
      /threshold in layer 0 \(own\) is not fast\. Got "shift"\. Legal: scale/,
    ],
    [
      'with parameters of two shapes',
      { neuronParameters, parameters: [scale, { ...shift, shape: [3, 2] }] },
      /layer 0 \(own\) have different shapes\. Got "3 and 3x2"/,
    ],
    [
      'with one parameter as both',
      { neuronParameters: { gain: 'scale', threshold: 'scale' } },
      /layer 0 \(own\) are the same parameter\. Got "scale"/,
    ],
  ])('%s', (_, part, message) => {
    expect(() => define(part)).toThrow(InputError);
    expect(() => define(part)).toThrow(message);
  });
});
