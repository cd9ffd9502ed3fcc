import { repository, startProcess } from '../cli/command';

/*
 * 10,000 tasks in a process of its own, so that nothing but the stream is measured. After each 1,000 garbage is collected and
 * what is left is told, in bytes: JavaScript objects and typed arrays.
 */
const living = (leak: boolean) => `
  const m = require('${repository}/dist/src/index.js');
  const rules = m.plainExecutor();
  const network = m.mlp([1, 4, 4, 1], { activation: 'relu', synapse: m.complexSynapse });
  const phase = { optimizer: m.sgd({ rate: 0.005 }), steps: 4, tolerance: 0 };
  const rule = m.contrastive({ estimator: m.forward(0.3), free: phase, nudged: phase });
  const open = () => new m.StreamLearner({
    network, learner: m.contrastiveLearner({ network, rule, rules }), rules, engine: m.referenceEngine,
    stream: new m.TaskStream({ source: m.sinusoids(), random: new m.RandomStream('tasks', 'seed'), count: 10000 }),
    meta: { optimizer: m.adam({ rate: 0.001 }), learn: ['omega'] }, batch: 10, seed: 1, initial: { lambda: 0.5 },
  });
  const kept = [];
  (async () => {
    let synapses = open();
    const omega = (of) => Array.from(of.population.values('omega'));
    const left = [];
    let middle;
    for (let step = 1; step <= 1000; step++) {
      await synapses.metaStep();
      if (${leak}) kept.push(structuredClone(synapses.save()));
      if (step === 500) middle = structuredClone(synapses.save());
      if (step % 100 === 0) {
        gc();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        left.push(heapUsed + arrayBuffers);
      }
    }
    if (${leak}) return console.log(JSON.stringify({ left }));
    const ended = await synapses.metaStep();
    const resumed = open();
    resumed.restore(middle);
    for (let step = 501; step <= 1000; step++) await resumed.metaStep();
    console.log(JSON.stringify({ left, ended, whole: omega(synapses), resumed: omega(resumed) }));
  })();`;

async function live(leak: boolean) {
  const { status, out, err } = await startProcess(['--expose-gc', '-e', living(leak)]).ended;
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const { left, ...rest } = JSON.parse(out) as Record<'left' | 'whole' | 'resumed', number[]> & {
    ended: unknown;
  };
  const growth = Math.max(...left.slice(1)) - left[0]!;
  return { growth, ...rest };
}

/** Bytes. The code that is compiled as it runs hot, and the garbage collector's own books, come to a few hundred kB. */
const few = 2e6;

describe('a stream of 10,000 small tasks', () => {
  let flat: Awaited<ReturnType<typeof live>>;
  beforeAll(async () => {
    flat = await live(false);
  });

  test('leaves memory flat: what 1,000 tasks have needed suffices for all', () => {
    expect(flat.growth).toBeLessThan(few);
  });

  test('ends where its count says', () => {
    expect(flat.ended).toBeNull();
  });

  test('gone on with from its middle, ends at the same omega to the last bit', () => {
    expect(flat.resumed).toEqual(flat.whole);
  });
});

test('the measurement sees a leak: a state of some kilobytes kept of each meta-batch', async () => {
  expect((await live(true)).growth).toBeGreaterThan(few);
});
