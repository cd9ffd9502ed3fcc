import { openMachine } from '../../src/engine/simd/machine/machine';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import type { Part } from './kernel-costs';
import { recordStep } from './recorded-step';

const network = mlp([8, 12, 4], { synapse: complexSynapse }); // rows of multiples of four, so that nothing is padded
const samples = 5;
const machine = openMachine('wasm');

describe('a recorded step', () => {
  const before = machine.memory.bytesInUse;
  const step = recordStep({ network, samples }, machine);
  afterAll(() => step.close());
  const sum = (wanted: Part, of: 'operations' | 'bytes') =>
    step.calls.filter(({ part }) => part === wanted).reduce((total, call) => total + call[of], 0);

  it('counts a multiplication and an addition for each weight and sample, forward and twice backward', () => {
    // Nothing below the first layer asks for a gradient.
    expect(sum('products', 'operations')).toBe(2 * samples * (2 * 8 * 12 + 3 * 12 * 4));
  });

  it('counts seven arrays of float32 and eleven operations for the rule', () => {
    expect([sum('rule', 'bytes'), sum('rule', 'operations')]).toEqual([
      7 * 4 * network.size,
      11 * network.size,
    ]);
  });

  it('ends with the rule, behind the kernels', () => {
    expect(step.calls.map(({ part }) => part).indexOf('rule')).toBe(step.calls.length - 1);
  });

  it('gives its memory back', () => {
    const other = recordStep({ network, samples }, machine);
    const taken = machine.memory.bytesInUse;
    other.close();
    expect([taken - machine.memory.bytesInUse, machine.memory.bytesInUse - before]).toEqual([
      other.bytesInUse,
      step.bytesInUse,
    ]);
  });
});
