import { type Cell, type Count, repository, trialsOf } from './processes';

/**
 * In one process: simulation A runs and is closed in its midst; B, opened right then, and C, which runs all the while, must give the
 * numbers of a simulation alone. On every engine; with more workers than one, on those that have threads.
 */
export async function closedInMidRun({ trials, workers, library }: Cell, count: Count): Promise<void> {
  for (const engine of workers === 1 ? ['reference', 'simd', 'gpujs'] : ['simd'])
    await trialsOf(codeOf(engine, trials, workers), library, (how) => count(`${engine}: ${how}`));
}

const codeOf = (engine: string, trials: number, workers: number): string => `
  const m = require('${repository}/dist/src');
  const task = m.splitTask(m.boston(), { name: 'boston', heldOut: 0.3, stream: new m.RandomStreams(1).stream('split') });
  const phase = { optimizer: m.nesterov({ rate: 0.05 }), steps: 60, tolerance: 0 };
  const network = m.mlp([13, 5, 1], { activation: 'tanh', synapse: m.complexSynapse });
  const rule = m.contrastive({ estimator: m.symmetric(0.1), free: phase, nudged: phase });
  const meta = { optimizer: m.adam({ rate: 0.05 }), learn: ['lambda'] };
  const settings = {
    network, task, rule, meta, rules: m.plainExecutor(), workers: ${workers}, initial: { lambda: 0.1 }, stride: 10, seed: 1,
  };
  const warn = () => {};
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  (async () => {
    const engine = await m.engineNamed('${engine}');
    const make = () => m.simulate({ ...settings, engine, warn });
    const end = async (of) => {
      const results = await of.run({ metaSteps: 2 });
      const lambda = [...of.population.values('lambda')];
      await of.close();
      return JSON.stringify([results.map(({ loss }) => loss), lambda]);
    };
    const t = performance.now();
    const alone = await end(make());
    const time = performance.now() - t;
    for (let trial = 0; trial < ${trials}; trial++) {
      const [a, c] = [make(), make()];
      const running = a.run({ metaSteps: 1000000 }).then(() => 'not interrupted', (error) => error.name);
      const beside = end(c);
      await wait(2 * time * Math.random());
      await a.close();
      const b = await end(make()).catch((error) => error.name);
      const same = b === alone && (await beside) === alone && (await running) === 'Interruption';
      console.log(same ? 'same' : 'different');
    }
  })();`;
