import fc from 'fast-check';
import { chainSynapse } from '../../models/chain-synapse';
import { InputError, MetaplastError } from '../../src/core/errors';
import { flowOnce } from '../../src/synapse/flow';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import { defineSynapse, type SynapseDescription } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';

const plain = plainExecutor();
const defined = (flow: Record<string, string>, more: Partial<SynapseDescription> = {}) =>
  defineSynapse({ fast: 'phi', meta: ['a', 'b', 'next0'], penalty: 'phi^2', flow, ...more });
const one = (value: number) => Float64Array.of(value);

describe('slow variables flow', () => {
  it('all at once: none sees what another has become', () => {
    const slow = { a: one(1), b: one(5), next0: one(7) };
    flowOnce(defined({ a: 'b - a', b: 'a - b' }).flow!, slow, plain);
    expect(slow).toEqual({ a: one(5), b: one(1), next0: one(7) });
  });

  it('and stay in their legal range', () => {
    const slow = { a: one(1), b: one(5), next0: one(7) };
    flowOnce(defined({ a: '-b' }, { nonNegative: ['a'] }).flow!, slow, plain);
    expect(slow.a).toEqual(one(0));
  });

  it('and none has moved where one would leave the range of numbers, which is said', () => {
    const slow = { a: one(1), b: one(0), next0: one(7) };
    expect(() => flowOnce(defined({ a: '1', next0: '1 / b' }).flow!, slow, plain)).toThrow(MetaplastError);
    expect(slow).toEqual({ a: one(1), b: one(0), next0: one(7) });
  });

  it('along a chain so that what is in it only leaks at its end', () => {
    const chain = fc.record({
      length: fc.integer({ min: 1, max: 6 }),
      ratio: fc.double({ min: 1.1, max: 4, noNaN: true }),
      coupling: fc.double({ min: 0.01, max: 0.25, noNaN: true }),
      seed: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 }),
    });
    fc.assert(
      fc.property(chain, ({ length, ratio, coupling, seed }) => {
        const { flow, meta } = chainSynapse({ length, ratio, coupling });
        const slow = Object.fromEntries(meta.map((name, i) => [name, one(seed[i % 6]!)]));
        const levels = () => Array.from({ length }, (_, i) => slow[`u_${i + 1}`]![0]!);
        const content = () => levels().reduce((sum, u, i) => sum + ratio ** i * u, 0);
        const [before, last] = [content(), levels().at(-1)!];
        flowOnce(flow!, slow, plain);
        const leak = coupling * ratio ** (1 - length) * last;
        // Sums of six numbers of up to 3 ratio^5, rounded.
        expect(Math.abs(content() - (before - leak))).toBeLessThan(1e-12 * 3 * ratio ** 5);
      }),
    );
  });

  it('by GPU.js as by plain JavaScript, in single precision', () => {
    const { flow, meta } = chainSynapse({ length: 3 });
    const drawn = () =>
      Object.fromEntries(
        meta.map((name, k) => [name, Float64Array.from({ length: 9 }, (_, i) => Math.sin(i + 3 * k))]),
      );
    const [truth, got] = [drawn(), drawn()];
    flowOnce(flow!, truth, plain);
    const executor = gpujsExecutor('webasm');
    flowOnce(flow!, got, executor);
    executor.close();
    for (const name of meta) {
      // A few roundings of float32 of numbers up to 1.
      const apart = got[name]!.map((value, i) => Math.abs(value - truth[name]![i]!));
      expect(Math.max(...apart)).toBeLessThan(4 * 2 ** -24);
    }
  });

  it.each([
    ['reads the fast variable, which belongs to one task', { a: 'phi - a' }, /unknown variable.*Got "phi"/],
    ['is of a variable that is none', { c: 'a' }, /flow names no slow variable.*Got "c"/],
    ['cannot be read', { a: 'b -' }, /cannot be read/],
  ])('is refused where it %s', (_, flow, message) => {
    const define = () => defined(flow as Record<string, string>);
    expect(define).toThrow(InputError);
    expect(define).toThrow(message);
  });
});
