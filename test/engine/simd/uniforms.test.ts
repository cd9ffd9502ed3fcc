import fc from 'fast-check';
import type { KernelStep } from '../../../src/engine/simd/lowering/lower-kernels';
import { defineKernel } from '../../../src/kernel/kernel';
import { adamRule } from '../../../src/synapse/rules/adam';
import { uniformNumber } from '../../locality/legal-kernels';
import { count, runLowered } from './run-lowered';

const ones = () => new Float32Array(count).fill(1);
const step = (source: string): KernelStep => ({ writes: 'phi', kernel: defineKernel(source) });

describe('what is the same for all synapses', () => {
  it('is rounded once: a second moment by a decay of 0.999 is within three roundings of the plain call', () => {
    const [, secondMoment] = adamRule.steps;
    const values = (name: string) => new Float32Array(count).fill(name === 'gradient' ? 0.3 : 0);
    const { after } = runLowered([secondMoment!], values, { secondDecay: 0.999 });
    const slope = Math.fround(0.3);
    const plain = secondMoment!.kernel.call.call({ thread: { x: 0 } }, [0], [slope], 0.999);
    // 1 - 0.999, and two products: each within 2^-24. In float32, 1 - 0.999 is off by 1.3e-5, some 200 of these.
    expect(Math.abs(after.secondMoment![0]! / plain - 1)).toBeLessThan(3 * 2 ** -24);
  });

  it('is to the bit what the plain call gives, rounded: any expression of scalars and literals', () => {
    const any = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.double());
    fc.assert(
      fc.property(uniformNumber, any, any, (text, rate, beta) => {
        const only = step(`function f(rate, beta) { return ${text}; }`);
        const plain = only.kernel.call.call(
          { thread: { x: 0 } },
          ...only.kernel.parameters.map((name) => (name === 'rate' ? rate : beta)),
        );
        const { after } = runLowered([only], ones, { rate, beta });
        expect([...after.phi!]).toEqual(Array(count).fill(Math.fround(plain)));
      }),
      { numRuns: 300 },
    );
  });

  const decays = { rate: 0.999, beta: 0.5 };
  const kept = Math.fround(1 - 0.999);
  it.each<[string, string, number]>([
    ['in a const of its own', 'const kept = 1 - rate; return kept * phi[this.thread.x];', kept],
    ['in a const of another', 'const r = rate; const kept = 1 - r; return kept * phi[this.thread.x];', kept],
    ['in a branch', 'if (phi[this.thread.x] > 0) { const kept = 1 - rate; return kept; } return 0;', kept],
    [
      'in a const that bears the name of one in another branch',
      'if (phi[this.thread.x] < 0) { let kept = phi[this.thread.x]; return kept; } else { const kept = 1 - rate; return kept; }',
      kept,
    ],
    ['of constants alone', 'return phi[this.thread.x] * (1 - 0.999);', kept],
    ['as a condition', 'return 1 - rate < 0.0010000000000000010 ? phi[this.thread.x] : 0;', 1],
    [
      'as a truth value in a const',
      'const small = 1 - rate < 0.0010000000000000010; if (small) return phi[this.thread.x]; return 0;',
      1,
    ],
  ])('is worked out in float64 %s', (_, body, truth) => {
    const { after } = runLowered([step(`function f(phi, rate, beta) { ${body} }`)], ones, decays);
    expect(after.phi![0]).toBe(truth);
  });

  it('is rounded where a variable takes it', () => {
    const body = 'let sum = rate; sum -= 1; return phi[this.thread.x] * sum;';
    const { after } = runLowered([step(`function f(phi, rate) { ${body} }`)], ones, decays);
    expect(after.phi![0]).toBe(Math.fround(0.999) - 1);
  });

  it('may have any name: nothing else of the pass is mistaken for it', () => {
    const names = ['scalars', 'into', 'from', 'uniform0', 'uniform1'];
    const sum = names.map((name) => `(1 - ${name})`).join(' + ');
    const source = `function f(phi, ${names.join(', ')}) { return phi[this.thread.x] * (${sum}); }`;
    const scalars = Object.fromEntries(names.map((name, i) => [name, i]));
    expect(runLowered([step(source)], ones, scalars).after.phi![0]).toBe(1 + 0 - 1 - 2 - 3);
  });

  it('is worked out anew for each step', () => {
    const source = 'function f(phi, rate) { return phi[this.thread.x] * (1 - rate); }';
    for (const rate of [0.25, 0.5])
      expect(runLowered([step(source)], ones, { rate }).after.phi![0]).toBe(1 - rate);
  });
});
