import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import type { Credit } from '../../../src/network/credit/credit';
import { dualPropagation } from '../../../src/network/credit/dual';
import { equilibriumPropagation } from '../../../src/network/credit/equilibrium';
import { withCredit } from '../../../src/network/network';
import { type ChainProblem, chainProblem, cosine, differences, relative } from '../problems';
import { surrogateOfDual, surrogateOfEquilibrium } from '../surrogate';

// How exact gradients by settled neurons are, against differences of their loss: npx ts-node -T test/credit/by-hand/exactness.ts

async function gradientBy(credit: Credit, { network, phi, batch }: ChainProblem): Promise<Float64Array> {
  const session = await referenceEngine.open(withCredit(network, credit));
  await session.write('phi', phi);
  const gradient = await session.gradient(batch);
  await session.close();
  return gradient;
}

async function main(): Promise<void> {
  const credits = {
    equilibrium: [equilibriumPropagation({ nudge: 0.1, sweeps: 3000 }), surrogateOfEquilibrium],
    dual: [dualPropagation({ nudge: 0.1, sweeps: 400 }), surrogateOfDual],
  } as const;
  for (const [name, [credit, surrogate]] of Object.entries(credits)) {
    let worst = 0;
    for (let seed = 1; seed <= 10; seed++) {
      for (const loss of ['mse', 'cross-entropy'] as const) {
        const problem = chainProblem({ widths: [3, 5, 4, 3], before: ['none', 'tanh', 'tanh'], loss, seed });
        const right = differences((phi) => surrogate(problem.network, phi, problem.batch, 0.1), problem.phi);
        worst = Math.max(worst, relative(await gradientBy(credit, problem), right));
      }
    }
    console.log(`${name}, b 0.1, twenty networks 3-5-4-3: off by ${worst.toExponential(1)} at most`);
  }
  for (const nudge of [0.1, 0.01]) {
    const problem = chainProblem({
      widths: [1, 40, 40, 1],
      before: ['none', 'tanh', 'tanh'],
      samples: 10,
      seed: 1,
    });
    const exact = await gradientBy(dualPropagation({ nudge: 1e-6, sweeps: 50 }), problem);
    const own = await gradientBy(dualPropagation({ nudge }), problem);
    console.log(
      `dual, b ${nudge}, 2 sweeps, 1-40-40-1: cosine to that at b 1e-6 is 1 - ${(1 - cosine(own, exact)).toExponential(1)}`,
    );
  }
}

void main();
