import { type Cell, type Count, inTurn, repository, startNode } from './processes';

/** Milliseconds after its threads were started within which a process ends. */
const latest = 400;

/** Processes that end, with status 7, whatever their threads are doing: starting, loading a library, multiplying. */
export async function endedWhileWorking({ trials, workers, library }: Cell, count: Count): Promise<void> {
  const code = `
    const m = require('${repository}/dist/src');
    (async () => {
      const engine = await m.engineNamed('simd', { blas: 'auto' });
      const network = m.mlp([200, 200, 10], { synapse: m.complexSynapse });
      const samples = 1000;
      const train = { samples, inputs: 200, targets: 10, x: new Float64Array(200000).fill(0.1), y: new Float64Array(10000) };
      const sessions = await engine.openSideBySide(network, ${workers}, { helpers: ${workers - 1} });
      const request = { inner: m.sgd({ rate: 1e-3 }), beta: 0, steps: 1000000, stepsTaken: 0, train, replay: null, tolerance: 0 };
      for (const session of sessions) session.settle(request);
      setTimeout(() => process.exit(7), ${latest} * Math.random());
    })();`;
  await inTurn(trials, async () => {
    const { how, err } = await startNode(['-e', code], library).end();
    if (how === 'status 7') return count('ended');
    console.error(`\n${how}\n${err}`);
    count(how);
  });
}
