import { z } from 'zod';
import { ofLength } from '../core/checks';
import { lazyList } from '../core/lazy-list';
import { shown } from '../core/shown';
import { validate } from '../core/validate';
import { type Population, populationSchema } from '../synapse/population';
import { type Network, networkSchema, type ParameterBlock } from './network';

const index = z.int().min(0);
const neuronArguments = z.strictObject({
  population: populationSchema,
  ...{ layer: index, unit: index, gainIndex: index, thresholdIndex: index },
});

/**
 * One neuron that learns by modulation: a live view on its own gain and threshold, which are fast variables of its
 * population. Reading sees the present; setting changes the network.
 */
export class Neuron {
  readonly #population: Population;

  /** @throws InputError where an argument is not legal. */
  constructor(
    population: Population,
    /** Index of the layer that it belongs to. */
    readonly layer: number,
    /** Its place in that layer. */
    readonly unit: number,
    /** Where its gain lies in the population's flat order: `population.synapses[gainIndex]`. */
    readonly gainIndex: number,
    /** Where its threshold lies there. */
    readonly thresholdIndex: number,
  ) {
    const places = { population, layer, unit, gainIndex, thresholdIndex };
    validate(neuronArguments, places, 'the arguments of Neuron');
    this.#population = population;
  }

  /** What its input is multiplied by. */
  get gain(): number {
    return this.#get(this.gainIndex);
  }

  /** @throws InputError where the value is not legal. */
  set gain(value: number) {
    this.#set(this.gainIndex, value);
  }

  /** What is added to its input, after the gain. */
  get threshold(): number {
    return this.#get(this.thresholdIndex);
  }

  /** @throws InputError where the value is not legal. */
  set threshold(value: number) {
    this.#set(this.thresholdIndex, value);
  }

  #get(index: number): number {
    return this.#population.values(this.#population.model.fast)[index]!;
  }

  #set(index: number, value: number): void {
    this.#population.setOne(this.#population.model.fast, index, value);
  }

  /** Place and present values, as a plain object. */
  toJSON(): Record<'layer' | 'unit' | 'gain' | 'threshold', number> {
    const { layer, unit, gain, threshold } = this;
    return { layer, unit, gain, threshold };
  }

  /** What Node's console prints. */
  [shown](_depth: number, _options: object, inspect: (value: unknown, options: object) => string): string {
    return `Neuron ${inspect(this.toJSON(), { breakLength: Infinity })}`;
  }
}

/** The neurons of one layer: where their parameters lie in the network's flat order. */
interface NeuronBlock {
  /** How many neurons stand in the layers before. */
  readonly first: number;
  readonly gain: ParameterBlock;
  readonly threshold: ParameterBlock;
}

/**
 * All neurons whose gain and threshold learn, layer after layer and unit after unit, as live views on the population;
 * empty where no layer declares neurons.
 * @throws InputError where the population is not of this network's size.
 */
export function neuronsOf(network: Network, population: Population): readonly Neuron[] {
  validate(networkSchema, network, 'the network');
  validate(populationSchema, population, 'the population');
  ofLength('The population of the neurons', population.values(population.model.fast), network.size);
  const { blocks, count } = neuronBlocks(network);
  return lazyList('Neurons', count, (index) => {
    const { first, gain, threshold } = blocks.findLast((block) => block.first <= index)!;
    const unit = index - first;
    return new Neuron(population, gain.layer, unit, gain.offset + unit, threshold.offset + unit);
  });
}

function neuronBlocks(network: Network): { blocks: NeuronBlock[]; count: number } {
  const blocks: NeuronBlock[] = [];
  let count = 0;
  network.layers.forEach(({ neuronParameters }, layer) => {
    if (neuronParameters === undefined) return;
    const named = (name: string) =>
      network.blocks.find((block) => block.layer === layer && block.spec.name === name)!;
    const gain = named(neuronParameters.gain);
    blocks.push({ first: count, gain, threshold: named(neuronParameters.threshold) });
    count += gain.size;
  });
  return { blocks, count };
}
