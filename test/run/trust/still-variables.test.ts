import { moving, stillWarning } from '../../../src/run/trust/still-variables';
import { smallSimulation } from '../../trace/recorded';

describe('a learned variable', () => {
  test('has moved once any entry of any of its gradients was not 0', () => {
    const zero = { omega: Float64Array.of(0, -0), lambda: Float64Array.of(0, 0) };
    expect(moving(zero, [])).toEqual([]);
    expect(moving({ ...zero, lambda: Float64Array.of(0, 1e-300) }, [])).toEqual(['lambda']);
    expect(moving(zero, ['lambda'])).toEqual(['lambda']);
  });
});

describe('a variable that never moved is reported with how many synapses it is of, and why:', () => {
  const simulation = smallSimulation({});
  const { network, population } = simulation;
  const all = `of all ${network.size} synapses never moved: its`;
  const slow = { omega: population.values('omega'), lambda: population.values('lambda') };

  test('phi stayed where it was in the nudged phases', () => {
    expect(stillWarning('omega', simulation, { displacement: 0 })).toMatch(
      `omega ${all} contrast was exactly 0 in every meta-step, because phi ended each nudged phase where it began`,
    );
  });

  test('nothing draws phi to it', () => {
    const lambda = new Float64Array(network.size);
    expect(stillWarning('omega', { network, slow: { ...slow, lambda } }, { displacement: 1 })).toMatch(
      /because lambda is 0 in every synapse, so that phi is not drawn to omega$/,
    );
  });

  test('it cancels, where nothing else is known', () => {
    expect(stillWarning('lambda', { network, slow }, { displacement: 1 })).toMatch(
      /because what phi moved cancels in it$/,
    );
  });

  test('no reason is given for a method without phases', () => {
    expect(stillWarning('omega', { network, slow }, null)).toBe(
      `omega ${all} gradient was exactly 0 in every meta-step`,
    );
  });
});
