import { inspect } from 'node:util';
import { InputError } from '../../src/core/errors';
import { complexSynapse, defineSynapse } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';
import type { Synapse } from '../../src/synapse/synapse';
import type { Topology } from '../../src/synapse/topology';

/** A dense layer of 3 inputs and as many outputs as it takes. */
const topology = (size: number): Topology => ({
  size,
  connection: (index) => ({ layer: 0, parameter: 'weight', from: index % 3, to: Math.floor(index / 3) }),
});
const population = (size = 6) => new Population(complexSynapse, topology(size));

describe('a synapse is a live view on its population', () => {
  it('reads what the arrays hold now', () => {
    const all = population();
    const synapse = all.synapses[4]!;
    all.set('phi', [0, 1, 2, 3, 4, 5]);
    expect(synapse.phi).toBe(4);
    all.values('phi')[4] = 9;
    expect(synapse.phi).toBe(9);
  });

  it('writes into the arrays', () => {
    const all = population();
    const synapse = all.synapses[2]!;
    Object.assign(synapse, { phi: 1, omega: -2, lambda: 3 });
    expect(['phi', 'omega', 'lambda'].map((name) => all.values(name)[2])).toEqual([1, -2, 3]);
    expect(all.values('phi')[1]).toBe(0);
  });

  it('knows its connection', () => {
    expect(population().synapses[5]).toMatchObject({
      index: 5,
      layer: 0,
      parameter: 'weight',
      from: 2,
      to: 1,
    });
  });

  it('reaches every variable of its model by name', () => {
    const model = defineSynapse({ fast: 'w', meta: ['rho'], penalty: 'rho * w^2' });
    const all = new Population(model, topology(2));
    all.synapses[1]!.set('rho', -3);
    expect(all.synapses[1]!.get('rho')).toBe(-3);
    expect(() => all.synapses[1]!.phi).toThrow(/no such variable/);
    expect(() => all.synapses[1]!.get('lambda')).toThrow(/w, rho/);
  });

  it('is printed with its connection and its values', () => {
    const all = population();
    all.set('lambda', 0.25);
    expect(inspect(all.synapses[5])).toBe(
      "Synapse { layer: 0, parameter: 'weight', from: 2, to: 1, phi: 0, omega: 0, lambda: 0.25 }",
    );
  });

  it('becomes the same as JSON', () => {
    expect(JSON.parse(JSON.stringify(population().synapses[5]))).toEqual({
      layer: 0,
      parameter: 'weight',
      from: 2,
      to: 1,
      phi: 0,
      omega: 0,
      lambda: 0,
    });
  });
});

describe('a population refuses', () => {
  it.each<[string, (all: Population) => unknown, RegExp]>([
    ['an unknown variable', (all) => all.values('mu'), /phi, omega, lambda/],
    ['too few values', (all) => all.set('phi', [1, 2]), /Got 2\. Legal: 6 values/],
    ['NaN', (all) => all.set('phi', [0, 0, Number.NaN, 0, 0, 0]), /phi\[2\] must be a finite number/],
    ['an infinite number for all', (all) => all.set('omega', Number.POSITIVE_INFINITY), /omega\[0\]/],
    ['a lambda below 0', (all) => all.set('lambda', [0, 0, 0, -1, 0, 0]), /lambda\[3\] must not be negative/],
    ['NaN through a view', (all) => all.synapses[3]!.set('phi', Number.NaN), /phi of synapse 3/],
    ['a lambda below 0 through a view', (all) => all.synapses[3]!.set('lambda', -1e-300), /lambda\[3\]/],
  ])('%s, and changes nothing', (_name, change, message) => {
    const all = population();
    expect(() => change(all)).toThrow(InputError);
    expect(() => change(all)).toThrow(message);
    expect(all.variables.flatMap((name) => [...all.values(name)])).toEqual(new Array(18).fill(0));
  });
});

describe('the list of synapses behaves as an array', () => {
  const { synapses } = population();

  it('has a length, and undefined out of range', () => {
    expect(synapses.length).toBe(6);
    expect([synapses[6], synapses[-1], synapses[1.5 as never], synapses['01' as never]]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gives the same view each time', () => {
    expect(synapses[3]).toBe(synapses[3]);
    expect(synapses.at(-1)).toBe(synapses[5]);
  });

  it('is iterated, mapped, filtered and spread over all synapses', () => {
    const indices = [0, 1, 2, 3, 4, 5];
    expect(synapses.map(({ index }) => index)).toEqual(indices);
    expect([...synapses].map(({ index }) => index)).toEqual(indices);
    expect(synapses.filter(({ from }) => from === 0).map(({ index }) => index)).toEqual([0, 3]);
    const visited: number[] = [];
    synapses.forEach((synapse) => {
      visited.push(synapse.index);
    });
    expect(visited).toEqual(indices);
    expect(synapses.slice(2, 4).map(({ index }) => index)).toEqual([2, 3]);
    expect(Array.isArray(synapses)).toBe(true);
    expect(2 in synapses && !(6 in synapses)).toBe(true);
  });

  it('is printed with its first synapses and how many more there are', () => {
    const text = inspect(population().synapses);
    expect(text).toMatch(/^Synapses\(6\) \[/);
    expect(text.match(/Synapse \{/g)).toHaveLength(3);
    expect(text).toContain('... 3 more');
  });
});

describe('a big population', () => {
  it('makes the views that are asked for, and no others', () => {
    let made = 0;
    const counted: Topology = {
      size: 1_000_000,
      connection: (index) => {
        made++;
        return { layer: 0, parameter: 'weight', from: 0, to: index };
      },
    };
    const { synapses } = new Population(complexSynapse, counted);
    expect(synapses.length).toBe(1_000_000);
    const some: (Synapse | undefined)[] = [synapses[0], synapses[999_999]];
    expect(some.map((synapse) => synapse?.to)).toEqual([0, 999_999]);
    expect(made).toBe(2);
  });
});
