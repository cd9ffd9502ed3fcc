import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { layerArithmetic } from '../../src/engine/reference/layer-table';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { sgd } from '../../src/learning/optimizers';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../src/network/credit/random-feedback';
import { withCredit } from '../../src/network/network';
import { chainProblem } from './problems';

const root = resolve(__dirname, '../..');

/** Every module that these reach by imports of values, lazily loaded ones too. */
function reached(starts: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    // Types are gone when it runs.
    const text = readFileSync(file, 'utf8').replace(/^(import|export) type [^;]*;/gm, '');
    for (const [, path] of text.matchAll(/(?:from|import\(|require\()\s*'(\.[^']*)'/g))
      visit(`${join(dirname(file), path!)}.ts`);
  };
  for (const start of starts) visit(join(root, start));
  return [...seen].map((file) => relative(root, file));
}

/** Modules with arithmetic that goes backwards through layers. */
const goesBackward = (file: string) =>
  /\bbackward\b\s*[(:]|backwardTangent\s*[(:]/.test(
    readFileSync(join(root, file), 'utf8').replace(/^\s*(\*|\/\/|\/\*\*).*$/gm, ''),
  );

describe('learning without a backward pass', () => {
  it('reaches none from the neurons, synapses and sessions of local credit, by any import', () => {
    const files = reached([
      'src/engine/reference/credit/equilibrium.ts',
      'src/engine/reference/credit/dual.ts',
      'src/engine/reference/credit/local-session.ts',
      'src/network/credit/equilibrium.ts',
      'src/network/credit/dual.ts',
      'src/learning/contrast.ts',
      'src/learning/meta-update.ts',
      'src/synapse/plain-executor.ts',
    ]);
    expect(files).toContain('src/engine/reference/reference-session.ts');
    expect(files.filter(goesBackward)).toEqual([]);
  });

  it('would be seen to reach one: the session of backprop does', () => {
    const files = reached(['src/engine/reference/backprop-session.ts']);
    expect(files.filter(goesBackward)).toContain('src/engine/reference/network-pass.ts');
  });

  it.each([equilibriumPropagation(), dualPropagation(), feedbackAlignment(), directFeedback()])(
    'calls none when it runs: $kind',
    async (credit) => {
      const problem = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });
      const spies = problem.network.layers.flatMap((layer) =>
        (['backward', 'backwardTangent'] as const).map((name) => jest.spyOn(layerArithmetic(layer), name)),
      );
      try {
        const settle = async (network: typeof problem.network) => {
          const session = await referenceEngine.open(network);
          const { batch, other } = problem;
          const inner = sgd({ rate: 0.1 });
          await session.write('phi', problem.phi);
          await session.settle({
            inner,
            beta: 0.1,
            steps: 3,
            stepsTaken: 0,
            train: batch,
            replay: other,
            tolerance: 0,
          });
          await session.hessianVector(batch, problem.phi);
          await session.close();
        };
        await settle(withCredit(problem.network, credit));
        expect(spies.flatMap(({ mock }) => mock.calls)).toHaveLength(0);
        await settle(problem.network);
        expect(spies.flatMap(({ mock }) => mock.calls).length).toBeGreaterThan(0);
      } finally {
        for (const spy of spies) spy.mockRestore();
      }
    },
  );
});
