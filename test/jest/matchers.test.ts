import '../../src/jest';
import { defineRule } from '../../src/synapse/rule';
import { everyRule, positive, scalars } from '../synapse/every-rule';

const decay = defineRule('decay', {
  value: function decay(value: number[], gradient: number[], rate: number) {
    return 0.9 * value[this.thread.x]! - rate * gradient[this.thread.x]!;
  },
});

describe('toBeLocal', () => {
  it('passes for a rule, a kernel and a text that are local', () => {
    expect(decay).toBeLocal();
    expect('function f(phi) { return -phi[this.thread.x]; }').toBeLocal();
    expect(() => expect(decay).not.toBeLocal()).toThrow(/expected the rule not to be local/);
  });

  it('fails with expression and line for one that is not, and for what is no rule', () => {
    const neighbour = 'function f(phi) {\n  return phi[this.thread.x + 1];\n}';
    expect(neighbour).not.toBeLocal();
    expect(() => expect(neighbour).toBeLocal()).toThrow(/line 2: `phi\[this\.thread\.x \+ 1\]`/);
    expect(() => expect(7).toBeLocal()).toThrow(/this is no rule/);
  });
});

describe('toAgreeOnAllEngines', () => {
  it.each(everyRule.filter(([, { writes }]) => !writes.every((name) => name === 'gradient')))(
    'passes for the rule %s that comes with metaplast',
    async (_, rule) => {
      const nonNegative = [...rule.reads].filter((name) => positive(rule, name));
      await expect(rule).toAgreeOnAllEngines({ scalars, nonNegative, tolerance: 3e-5 });
    },
  );

  it('fails, with engine, synapse and both numbers, for one that float32 does not hold', async () => {
    const lost = defineRule('lost', {
      value: function lost(value: number[]) {
        return (value[this.thread.x]! + 1e9 - 1e9) * 1.5;
      },
    });
    await expect(expect(lost).toAgreeOnAllEngines()).rejects.toThrow(
      /rule "lost" differs between engines:\n {2}simd: value\[\d+\] is .*, and .* on the reference engine\n {2}gpujs: /,
    );
    await expect(lost).not.toAgreeOnAllEngines();
  });
});
