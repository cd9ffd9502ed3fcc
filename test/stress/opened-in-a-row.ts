import { type Cell, type Count, inTurn, repository, trialsOf } from './processes';

/** Processes, each of which opens that many simulations. */
const processes = 4;

/**
 * Simulations that are opened, used and closed one after the other in one process, every third in the midst of its first meta-step: all
 * the others must give the same numbers.
 */
export async function openedInARow({ trials, workers, library }: Cell, count: Count): Promise<void> {
  const code = `
    const m = require('${repository}/dist/src');
    const random = new m.RandomStream('row', 'seed');
    const drawn = (count) => Float64Array.from({ length: count }, () => random.normal());
    const batch = (samples) => ({ samples, inputs: 40, targets: 3, x: drawn(40 * samples), y: drawn(3 * samples) });
    const task = m.makeTask({ name: 'drawn', train: batch(600), heldOut: batch(300) });
    const network = m.mlp([40, 60, 3], { activation: 'tanh', synapse: m.complexSynapse });
    const phase = { optimizer: m.nesterov({ rate: 0.01 }), steps: 3, tolerance: 0 };
    const rule = m.contrastive({ estimator: m.symmetric(0.1), free: phase, nudged: phase });
    const meta = { optimizer: m.adam({ rate: 0.05 }), learn: ['lambda'] };
    const settings = { network, task, rule, meta, rules: m.plainExecutor(), workers: ${workers}, initial: { lambda: 0.1 } };
    const warn = () => {};
    (async () => {
      const engine = await m.engineNamed('simd', { blas: 'auto' });
      let first = null;
      for (let i = 0; i < ${trials}; i++) {
        const simulation = m.simulate({ ...settings, engine, warn });
        if (i % 3 !== 2) {
          const { heldOut } = (await simulation.metaStep()).loss;
          first ??= heldOut;
          await simulation.close();
          console.log(heldOut === first ? 'right' : 'wrong');
        } else {
          const going = simulation.metaStep().then(() => 'done before', (error) => error.name);
          if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 3 * Math.random()));
          await simulation.close();
          const how = await going;
          console.log(how === 'Interruption' ? 'closed in its midst' : how);
        }
      }
    })();`;
  await inTurn(processes, () => trialsOf(code, library, count));
}
