import { InputError } from '../../src/core/errors';
import { executorNamed } from '../../src/synapse/executor-named';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { defineRule } from '../../src/synapse/rule';
import { sgdRule } from '../../src/synapse/rules/sgd';

const executor = plainExecutor();

describe('the plain executor', () => {
  it('writes in place, and every synapse reads what it was before', () => {
    const rule = defineRule('double', { phi: 'function (phi) { return 2 * phi[this.thread.x]; }' });
    const phi = Float64Array.of(1, 2, 3);
    executor.run(rule, { phi });
    expect(phi).toEqual(Float64Array.of(2, 4, 6));
  });

  it('lets a later kernel of a rule see what an earlier one wrote', () => {
    const rule = defineRule('two steps', {
      a: 'function (b) { return b[this.thread.x] + 1; }',
      b: 'function (a) { return 10 * a[this.thread.x]; }',
    });
    const quantities = { a: Float64Array.of(0), b: Float64Array.of(4) };
    executor.run(rule, quantities);
    expect(quantities).toEqual({ a: Float64Array.of(5), b: Float64Array.of(50) });
  });

  it('computes in float64', () => {
    const value = Float64Array.of(1);
    executor.run(sgdRule, { value, gradient: Float64Array.of(1) }, { rate: 1e-12 });
    expect(value[0]).toBe(1 - 1e-12);
  });

  it('may have no synapses at all', () => {
    const quantities = { value: new Float64Array(0), gradient: new Float64Array(0) };
    expect(() => executor.run(sgdRule, quantities, { rate: 1 })).not.toThrow();
  });

  it('reports itself', () => {
    expect(executor.report).toEqual({
      executor: 'plain',
      precision: 'float64',
      mode: null,
      fallbackReason: null,
    });
  });

  it.each<[string, Record<string, Float64Array>, Record<string, number>, RegExp]>([
    [
      'a missing quantity',
      { value: new Float64Array(2) },
      { rate: 1 },
      /Rule "sgd" uses "gradient", which the synapses do not have/,
    ],
    [
      'a quantity to write that is missing',
      { gradient: new Float64Array(2) },
      { rate: 1 },
      /uses "value", which the synapses do not have/,
    ],
    [
      'a missing scalar',
      { value: new Float64Array(2), gradient: new Float64Array(2) },
      { speed: 1 },
      /reads the number "rate".*Legal: speed/,
    ],
    [
      'quantities of unlike lengths',
      { value: new Float64Array(2), gradient: new Float64Array(3) },
      { rate: 1 },
      /gradient of rule "sgd" has the wrong length/,
    ],
  ])('refuses %s by name, and changes nothing', (_name, quantities, scalars, message) => {
    const before = quantities.value?.slice();
    expect(() => executor.run(sgdRule, quantities, scalars)).toThrow(InputError);
    expect(() => executor.run(sgdRule, quantities, scalars)).toThrow(message);
    expect(quantities.value).toEqual(before);
  });
});

describe('an executor by name', () => {
  it('is plain or gpujs', async () => {
    expect((await executorNamed('plain')).report.executor).toBe('plain');
    const gpujs = await executorNamed('gpujs');
    expect(gpujs.report.executor).toBe('gpujs');
    gpujs.close();
  });

  it('is refused where there is none, with the nearest legal one', async () => {
    await expect(executorNamed('gpu')).rejects.toThrow(/Legal: auto, gpujs, plain\. Did you mean "gpujs"\?/);
  });
});
