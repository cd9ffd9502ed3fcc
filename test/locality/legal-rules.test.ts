import { auditLocality } from '../../src/kernel/audit-locality';
import { defineKernel } from '../../src/kernel/kernel';
import { perturbLocality } from '../../src/synapse/perturb-locality';
import { defineRule } from '../../src/synapse/rule';
import { runLowered } from '../engine/simd/run-lowered';
import { openExecutors } from './executors';
import { legalRules } from './legal-rules';

const executors = openExecutors();
// Of those, float32 has each exactly, and what the rules make of them.
const phi = [-9, -2.5, -1, -0.5, 0, 0.25, 1, 2.75, 7, 12];
const omega = phi.map((x) => 2 - x);

describe.each(legalRules)('a rule that %s', (_name, source) => {
  it('is local, by its text and by perturbation', () => {
    expect(auditLocality(source)).toMatchObject({ verdict: 'local', violations: [] });
    expect(perturbLocality(defineKernel(source)).breaches).toEqual([]);
  });

  it('gives the same on every executor and in the simd engine, to the bit', () => {
    const rule = defineRule('legal', { result: source });
    const { parameters, arrays, scalars: names } = rule.steps[0]!.kernel;
    const scalars = Object.fromEntries(names.map((name) => [name, 0.5]));
    const given = parameters.map((of) => (arrays.includes(of) ? (of === 'phi' ? phi : omega) : 0.5));
    // An arrow takes its `this` from where it stands.
    const call = new Function('given', `return (${source}).apply(this, given)`);
    const plain = phi.map((_, x) => call.call({ thread: { x } }, given));
    for (const [name, executor] of Object.entries(executors)) {
      const quantities = {
        phi: Float64Array.from(phi),
        omega: Float64Array.from(omega),
        result: new Float64Array(10),
      };
      executor.run(rule, quantities, scalars);
      expect([name, [...quantities.result]]).toEqual([name, plain]);
    }
    const { after } = runLowered(rule.steps, (name) => (name === 'omega' ? omega : phi), scalars);
    expect([...after.result!].slice(0, 10)).toEqual(plain);
  });
});
