import type { UnstableNeuronsError } from '../../../src/core/errors';
import { RandomStreams } from '../../../src/core/random';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { type EquilibriumOptions, equilibriumPropagation } from '../../../src/network/credit/equilibrium';
import type { Initialiser } from '../../../src/network/initialiser';
import { mlp } from '../../../src/network/mlp';
import { initialParameters, withCredit } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';
import { cosine, relative } from '../problems';

// How near to the settled gradient neurons are after so many sweeps: npx ts-node -T test/credit/by-hand/sweeps.ts

const sweepsTried = [5, 10, 20, 40, 80, 160, 320];

async function main(): Promise<void> {
  for (const initialiser of ['uniform-fan-in', 'kaiming-uniform'] satisfies Initialiser[]) {
    const network = mlp([1, 40, 40, 1], { synapse: complexSynapse, initialiser });
    const streams = new RandomStreams(1);
    const { fast } = initialParameters(network, streams.stream('init'));
    const data = streams.stream('data');
    const x = Float64Array.from({ length: 10 }, () => data.uniformBetween(-1, 1));
    const batch = { samples: 10, inputs: 1, targets: 1, x, y: x.map((value) => 2 * Math.sin(5 * value)) };
    const gradientBy = async (options: EquilibriumOptions | null) => {
      const session = await referenceEngine.open(
        options === null ? network : withCredit(network, equilibriumPropagation(options)),
      );
      await session.write('phi', fast);
      try {
        return await session.gradient(batch);
      } finally {
        await session.close();
      }
    };
    const refused = (await gradientBy({ dt: 100, sweeps: 1 }).catch(
      (error) => error,
    )) as UnstableNeuronsError;
    const most = Number(/dt below ([\d.e-]+) for/.exec(refused.message)![1]);
    const exact = await gradientBy(null);
    for (const nudge of [0.1, 0.5]) {
      const settled = await gradientBy({ nudge, sweeps: 5000 });
      console.log(
        `${initialiser}, b ${nudge}: settled, cosine to backprop ${cosine(settled, exact).toFixed(4)}, norm ratio ${(Math.hypot(...settled) / Math.hypot(...exact)).toFixed(3)}`,
      );
      const ways: Record<string, EquilibriumOptions> = {
        'top-down, own steps (standard)': {},
        'synchronous, own steps': { order: 'synchronous' },
        [`synchronous, dt ${(most * 0.45).toFixed(3)}`]: { order: 'synchronous', dt: most * 0.45 },
      };
      for (const [name, way] of Object.entries(ways)) {
        const errors: string[] = [];
        for (const sweeps of sweepsTried)
          errors.push(relative(await gradientBy({ ...way, nudge, sweeps }), settled).toExponential(1));
        console.log(
          `  ${name.padEnd(32)} ${sweepsTried.map((sweeps, i) => `${sweeps}: ${errors[i]}`).join('  ')}`,
        );
      }
    }
  }
}

void main();
