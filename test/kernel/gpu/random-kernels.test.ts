import fc from 'fast-check';
import { gpujsExecutor } from '../../../src/synapse/gpujs-executor';
import { defineRule } from '../../../src/synapse/rule';
import { interpret, roundedFunctions } from '../../engine/simd/float32-interpreter';
import { legalKernel } from '../../locality/legal-kernels';

/** Any float32 number, special ones often. */
const special = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 1.4e-45, 3e38, 0.5, -2.5].map(Math.fround);
const number = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround) },
  fc.float(),
  fc.constantFrom(...special),
);
const names = ['phi', 'omega', 'lambda'];
const columns = fc.array(fc.record(Object.fromEntries(names.map((name) => [name, number]))), {
  minLength: 7,
  maxLength: 7,
});

describe('a kernel lowered for GPU.js', () => {
  const executor = gpujsExecutor('webasm');
  afterAll(() => executor.close());

  // WebAssembly works in float32, and takes exp, log, tanh and pow from JavaScript.
  it('gives in WebAssembly to the bit what its text says in float32: any legal kernel, any numbers', () => {
    fc.assert(
      fc.property(
        legalKernel,
        columns,
        fc.record({ rate: number, beta: number }),
        (source, rows, scalars) => {
          const rule = defineRule('drawn', { result: source });
          const [kernel] = rule.steps.map((step) => step.kernel);
          const quantities = Object.fromEntries([
            ...names.map((name) => [name, Float64Array.from(rows, (row) => row[name]!)]),
            ['result', new Float64Array(rows.length)],
          ]) as Record<string, Float64Array>;
          executor.run(rule, quantities, scalars);
          const truth = rows.map((_, i) => interpret(kernel!, quantities, scalars, i, roundedFunctions));
          expect([...quantities.result!]).toEqual(truth);
        },
      ),
      { numRuns: Number(process.env.KERNELS ?? 150) },
    );
  });
});
