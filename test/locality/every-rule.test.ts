import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GPU } from 'gpu.js';
import { auditLocality } from '../../src/kernel/audit-locality';
import { defineKernel } from '../../src/kernel/kernel';
import { type KernelRunner, perturbLocality } from '../../src/synapse/perturb-locality';
import { defineRule, type Rule } from '../../src/synapse/rule';
import { everyRule, rulesFolder } from '../synapse/every-rule';

const source = join(__dirname, '../../src');

describe('every rule of the library', () => {
  it('is in the table: each file of the folder has one, and none is defined anywhere else', () => {
    const names = new Set(everyRule.map(([name]) => name));
    for (const file of readdirSync(rulesFolder)) {
      const exported = Object.keys(require(join(rulesFolder, file)) as object);
      expect(exported.some((name) => names.has(name))).toBe(true);
    }
    const calling = (readdirSync(source, { recursive: true }) as string[]).filter(
      (file) => file.endsWith('.ts') && /\bdefineRule\(/.test(readFileSync(join(source, file), 'utf8')),
    );
    // model.ts derives rules from an energy, rule.ts and activity.ts have an example in their documentation.
    expect(calling.filter((file) => !file.startsWith(join('synapse', 'rules'))).sort()).toEqual([
      join('network', 'credit', 'activity.ts'),
      join('synapse', 'model.ts'),
      join('synapse', 'rule.ts'),
    ]);
  });

  it.each(everyRule)('passes the audit of its text: %s', (_name, rule) => {
    expect(auditLocality(rule)).toMatchObject({ local: true, violations: [] });
    for (const { kernel } of rule.steps) {
      expect(auditLocality(kernel.source)).toMatchObject({ local: true, violations: [] });
    }
  });

  it.each(everyRule)('passes perturbation of 2000 random synapses: %s', (_name, rule) => {
    // 10 synapses in 200 populations: each entry of each quantity of each synapse is changed in turn.
    expect(perturbLocality(rule, { synapses: 10, trials: 200 })).toEqual({ local: true, breaches: [] });
  });

  it.each(everyRule)('reads at its own index only, in a population of thousands: %s', (_name, rule) => {
    for (const { kernel } of rule.steps) {
      const size = 3000;
      const read = new Set<string>();
      const watched = (x: number) =>
        new Proxy(new Float64Array(size).fill(0.5), {
          get(target, key) {
            read.add(String(key));
            return key === String(x) ? target[x] : Number.NaN;
          },
        });
      for (const x of [0, 1, 1234, size - 1]) {
        read.clear();
        const args = kernel.parameters.map((name) => (kernel.arrays.includes(name) ? watched(x) : 0.5));
        expect(kernel.call.call({ thread: { x } }, ...(args as number[]))).not.toBeNaN();
        expect([...read]).toEqual([String(x)]);
      }
    }
  });
});

describe.each(['webasm', 'cpu'] as const)('compiled by GPU.js in mode %s', (mode) => {
  const gpu = new GPU({ mode });
  afterAll(() => gpu.destroy());
  const compiled = new Map<string, (...args: unknown[]) => Float32Array>();
  const runner: KernelRunner = (kernel, args, count) => {
    const key = `${count} ${kernel}`;
    const built = compiled.get(key) ?? (gpu.createKernel(kernel as never, { output: [count] }) as never);
    compiled.set(key, built);
    return Float64Array.from((built as (...values: unknown[]) => Float32Array)(...args));
  };

  it.each(everyRule)('a rule stays local: %s', (_name, rule) => {
    expect(perturbLocality(rule, { synapses: 13, trials: 8, call: runner })).toEqual({
      local: true,
      breaches: [],
    });
  });
});

describe('a whole rule', () => {
  const leaky: Rule = {
    ...defineRule('leaky', { a: 'function (a) { return a[this.thread.x]; }' }),
    steps: [
      { writes: 'a', kernel: defineKernel('function (a) { return a[this.thread.x]; }') },
      {
        writes: 'b',
        kernel: {
          ...defineKernel('function (a) { return a[this.thread.x]; }'),
          source: 'function (a) {\n  return a[this.thread.x + 1];\n}',
          call(a) {
            return a[(this.thread.x + 1) % a.length];
          },
        },
      },
    ],
  };

  it('is refused by the audit where one of its kernels is not local', () => {
    expect(auditLocality(leaky)).toMatchObject({
      local: false,
      violations: [{ expression: 'a[this.thread.x + 1]', line: 2, why: expect.any(String) }],
    });
  });

  it('is caught by perturbation, which tells what the kernel writes', () => {
    const { local, breaches } = perturbLocality(leaky);
    expect(local).toBe(false);
    expect(new Set(breaches.map(({ writes }) => writes))).toEqual(new Set(['b']));
  });

  it('tells which of its kernels could not be run', () => {
    const failing: Rule = {
      ...leaky,
      steps: [
        {
          writes: 'b',
          kernel: {
            ...leaky.steps[0]!.kernel,
            call() {
              throw new Error('boom');
            },
          },
        },
      ],
    };
    expect(perturbLocality(failing)).toEqual({ local: false, breaches: [], failure: 'b: boom' });
  });
});
