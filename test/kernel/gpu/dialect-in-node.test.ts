import { gpujsEngine } from '../../../src/engine/gpujs/gpujs-engine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { arithmetic, equalities, mathFunctions, relations } from '../../../src/kernel/dialect';
import { gpujsExecutor } from '../../../src/synapse/gpujs-executor';
import { plainExecutor } from '../../../src/synapse/plain-executor';
import type { RuleExecutor } from '../../../src/synapse/rule-executor';
import { answersOfEngine, answersOfExecutor, expressions, type GridAnswers, judge } from './dialect-grid';
import { inJavaScript, inSimd, inWebAssembly } from './exactness';

async function answersOnce(executor: RuleExecutor): Promise<GridAnswers> {
  const answers = answersOfExecutor(executor);
  executor.close();
  return answers;
}

describe('the kernel dialect at negative, zero, tiny, huge and infinite numbers and at NaN', () => {
  it('is in the grid with every function and operator', () => {
    const text = expressions.join('; ');
    const all = [...[...mathFunctions.keys()].map((name) => `Math.${name}(`), '&&', '||', '!', '?'];
    const operators = [...arithmetic, ...relations, ...equalities].map((operator) => ` ${operator} `);
    expect([...all, ...operators].filter((part) => !text.includes(part))).toEqual([]);
  });

  it.each([
    ['the plain call', () => answersOnce(plainExecutor()), inJavaScript],
    ['GPU.js in mode cpu, rules alone', () => answersOnce(gpujsExecutor('cpu')), inJavaScript],
    ['GPU.js in mode webasm, rules alone', () => answersOnce(gpujsExecutor('webasm')), inWebAssembly],
    ['engine gpujs in mode cpu', () => answersOfEngine(gpujsEngine({ mode: 'cpu' })), inJavaScript],
    ['engine gpujs in mode webasm', () => answersOfEngine(gpujsEngine({ mode: 'webasm' })), inWebAssembly],
    ['engine simd', () => answersOfEngine(simdEngine({ blas: 'wasm' })), inSimd],
  ])('is what JavaScript says of its text: %s', async (_, answers, exactness) => {
    const judged = judge(await answers(), exactness);
    expect(Object.entries(judged).filter(([, { wrong }]) => wrong.length > 0)).toEqual([]);
  });
});
