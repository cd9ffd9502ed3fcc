import fc from 'fast-check';
import { InputError, KernelError } from '../../src/core/errors';
import { defineKernel, type KernelFunction } from '../../src/kernel/kernel';
import { type KernelRunner, perturbLocality } from '../../src/synapse/perturb-locality';
import { legalKernel } from './legal-kernels';
import { outsideTheDialect } from './outside-the-dialect';
import { build, zoo } from './zoo';

const decay: KernelFunction = function (phi, rate) {
  return phi[this.thread.x] * rate;
};

describe('perturbation finds no breach in', () => {
  it('any kernel of the dialect', () => {
    fc.assert(
      fc.property(legalKernel, (source) => {
        const result = perturbLocality(defineKernel(source), { synapses: 6, trials: 4 });
        expect(result).toEqual({ local: true, breaches: [] });
      }),
      { numRuns: 60 },
    );
  });

  it('a plain function that has not been audited', () => {
    expect(perturbLocality(decay)).toEqual({ local: true, breaches: [] });
  });

  it.each(zoo.filter((cheat) => !cheat.caughtByPerturbation).map((cheat) => [cheat.name, cheat] as const))(
    'a rule that is outside the dialect though local in effect: %s',
    (_name, cheat) => {
      expect(perturbLocality(build(cheat)).breaches).toEqual([]);
    },
  );
});

describe('perturbation finds no breach in a rule of which the audit says that it is local, but outside the dialect: one that', () => {
  // One that loops for ever is not run.
  it.each(outsideTheDialect.filter(([name]) => !name.startsWith('loops ')))('%s', (_name, source) => {
    expect(perturbLocality(build({ source })).breaches).toEqual([]);
  });
});

describe('perturbation catches a rule that', () => {
  it.each(zoo.filter((cheat) => cheat.caughtByPerturbation).map((cheat) => [cheat.name, cheat] as const))(
    '%s',
    (_name, cheat) => {
      expect(perturbLocality(build(cheat)).local).toBe(false);
    },
  );
});

describe('a breach', () => {
  it('names the quantity, the synapse changed and the synapse affected', () => {
    const { breaches } = perturbLocality(function (phi) {
      return phi[this.thread.x] - phi[0];
    });
    const ofPhi = breaches.filter(({ quantity }) => quantity === 'phi');
    expect(new Set(ofPhi.map(({ changed }) => changed))).toEqual(new Set([0]));
    expect(ofPhi).toHaveLength(15);
  });

  it.each<[string, KernelFunction]>([
    [
      '(repeat)',
      (() => {
        let calls = 0;
        return function (phi) {
          return phi[this.thread.x] + calls++;
        };
      })(),
    ],
    [
      '(order)',
      function (phi) {
        return phi[this.thread.x] + this.thread.x;
      },
    ],
    [
      '(population)',
      function (phi) {
        return phi[this.thread.x] / phi.length;
      },
    ],
    [
      'write to phi',
      function (phi) {
        phi[this.thread.x] = 1;
        return 1;
      },
    ],
  ])('is called %s', (quantity, rule) => {
    expect(perturbLocality(rule).breaches.map((breach) => breach.quantity)).toContain(quantity);
  });

  it('is the same for the same seed', () => {
    const rule: KernelFunction = function (phi) {
      return phi[1];
    };
    expect(perturbLocality(rule, { seed: 3 })).toEqual(perturbLocality(rule, { seed: 3 }));
    expect(perturbLocality(rule, { seed: 3 })).not.toEqual(perturbLocality(rule, { seed: 4 }));
  });
});

describe('perturbation', () => {
  it('tells of a rule that throws', () => {
    const result = perturbLocality(function (phi) {
      if (phi[this.thread.x] < 9) throw new Error('boom');
      return 1;
    });
    expect(result).toEqual({ local: false, breaches: [], failure: 'boom' });
  });

  it('tells of a rule that gives no number', () => {
    const rule = new Function('phi', "return phi[this.thread.x] + 'a'") as KernelFunction;
    expect(perturbLocality(rule).failure).toContain('string');
  });

  it('runs the rule on the runner that is given', () => {
    const runner: KernelRunner = (kernel, [phi, rate], count) =>
      Float32Array.from({ length: count }, (_, x) => kernel.call({ thread: { x } }, phi, rate));
    expect(perturbLocality(defineKernel(decay), { call: runner }).local).toBe(true);
    const leaky: KernelRunner = (kernel, args, count) => {
      const results = Float32Array.from(runner(kernel, args, count));
      return results.fill(results[0]!, 1);
    };
    expect(perturbLocality(defineKernel(decay), { call: leaky }).local).toBe(false);
  });

  it('refuses a function whose text cannot be read', () => {
    expect(() => perturbLocality(decay.bind({ thread: { x: 0 } }))).toThrow(KernelError);
  });

  it.each([{ synapses: 1 }, { trials: 0 }, { seed: -1 }])('refuses the options %p', (options) => {
    expect(() => perturbLocality(decay, options)).toThrow(InputError);
  });
});
