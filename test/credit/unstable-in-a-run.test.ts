import { DivergenceError, UnstableNeuronsError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { forward } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Episode, TaskStream } from '../../src/tasks/task-stream';
import { settling, waves } from './settling';

async function failureOf(learning: Promise<unknown>): Promise<UnstableNeuronsError | DivergenceError> {
  const error = await learning.then(
    () => null,
    (thrown) => thrown,
  );
  if (error instanceof UnstableNeuronsError || error instanceof DivergenceError) return error;
  throw error ?? new Error('nothing failed');
}

describe('neurons that do not settle in a run', () => {
  it('say in which task, phase and step, at the beginning', async () => {
    const credit = equilibriumPropagation({ dt: 0.9, sweeps: 30 });
    const simulation = settling({ credit, scale: 2 });
    const error = await failureOf(simulation.metaStep());
    expect(error).toBeInstanceOf(UnstableNeuronsError);
    expect(error.moment).toEqual({ task: 'waves', phase: 'free', beta: 0, step: 0 });
    expect(error.message).toMatch(/, in task "waves", free phase \(beta = 0\), at step 0\. Got/);
    expect(error.message).toContain('Try the credit with dt = null (it was 0.9).');
    await simulation.close();
    // What is advised helps.
    const mended = settling({ credit: equilibriumPropagation({ sweeps: 30 }), scale: 2 });
    await mended.metaStep();
    await mended.close();
  });

  it('say at which step of a chunk weights have become too large, the same by any stride', async () => {
    const credit = equilibriumPropagation({ dt: 0.45, sweeps: 30 });
    const big = { credit, rate: 1.5, steps: 60 };
    const moments = await Promise.all(
      [1, 7, 60].map(async (stride) => {
        const simulation = settling({ ...big, stride });
        const { moment, report } = await failureOf(simulation.metaStep());
        await simulation.close();
        return { moment, report };
      }),
    );
    const [one, ...others] = moments;
    expect(one!.moment!.step).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(one);
  });

  it('leave the simulation as it was, and say when, also where their sweeps are reported', async () => {
    const credit = equilibriumPropagation({ dt: 0.9, sweeps: 30 });
    const simulation = settling({ credit, scale: 2, sweepStride: 10 });
    const before = simulation.save();
    const error = await failureOf(simulation.metaStep());
    expect(error.moment).toMatchObject({ phase: 'free', step: 0 });
    expect(simulation.save()).toEqual(before);
    await simulation.close();
  });

  it('under too strong a nudge are told of a weaker one, which helps', async () => {
    const simulation = settling({ credit: dualPropagation({ nudge: 4 }) });
    const error = await failureOf(simulation.metaStep());
    expect(error.message).toContain('Try the credit with nudge = 0.4 (it was 4).');
    await simulation.close();
    const mended = settling({ credit: dualPropagation({ nudge: 0.4 }) });
    await mended.metaStep();
    await mended.close();
  });

  it('from phases side by side are heard as from one after the other', async () => {
    const several = {
      ...referenceEngine,
      openSideBySide: (network: never, count: number) =>
        Promise.all(Array.from({ length: count }, () => referenceEngine.open(network))),
    };
    const { rule } = settling().options;
    const credit = equilibriumPropagation({ dt: 0.4, sweeps: 30 });
    const nudged = { ...rule.nudged, optimizer: sgd({ rate: 3 }), steps: 60 };
    const messages = await Promise.all(
      [1, 2].map(async (workers) => {
        const simulation = settling({ credit, nudged, engine: several, workers });
        const { message, moment } = await failureOf(simulation.metaStep());
        await simulation.close();
        expect(moment!.phase).toBe('nudged');
        return message;
      }),
    );
    expect(messages[1]).toBe(messages[0]);
  });
});

describe('advice where learning by neurons diverges', () => {
  it('is about the learning rate where the exact gradient diverges as well', async () => {
    const simulation = settling({ credit: equilibriumPropagation({ sweeps: 10 }), rate: 50, steps: 200 });
    const error = await failureOf(simulation.metaStep());
    expect(error).toBeInstanceOf(DivergenceError);
    expect(error.message).toMatch(/Try a learning rate of \S+ \(it was 50\)/);
    await simulation.close();
    const rate = Number(/learning rate of (\S+)/.exec(error.message)![1]);
    const mended = settling({ credit: equilibriumPropagation({ sweeps: 10 }), rate, steps: 200 });
    await mended.metaStep();
    await mended.close();
  });
});

/** The same task again and again; of `large`, targets are so large that its weights grow. */
const episode = (index: number, large: boolean): Episode => {
  const { train, heldOut } = waves;
  const y = train.y.map((value) => (large ? 1e3 : 1) * value);
  return { index, name: large ? 'large' : 'usual', train: { ...train, y }, heldOut };
};

function streamOf(large: readonly boolean[], dt: number, { scale = 1, batch = 1, strict = false } = {}) {
  const skipped: string[] = [];
  let drawn = 0;
  const { network } = settling({ credit: equilibriumPropagation({ dt, sweeps: 30 }) });
  const phase = { optimizer: sgd({ rate: 0.1 }), steps: 20, tolerance: 0 };
  const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });
  const learner = new StreamLearner({
    network,
    learner: contrastiveLearner({ network, rule, rules: plainExecutor() }),
    stream: new TaskStream({
      source: { name: 'given', sample: () => episode(0, large[drawn++]!) },
      random: new RandomStream('tasks', 'seed'),
      count: large.length,
    }),
    meta: { optimizer: sgd({ rate: 0.01 }) },
    initial: {
      omega: Float64Array.from({ length: network.size }, (_, i) => scale * Math.sin(i + 1)),
      lambda: 0.1,
    },
    ...{ batch, strict, engine: referenceEngine, rules: plainExecutor() },
    warn: (line) => skipped.push(line),
  });
  return { learner, skipped };
}

describe('a stream of tasks in which neurons do not settle', () => {
  it('skips the task whose weights grew too large, with what it said', async () => {
    const { learner, skipped } = streamOf([false, true, false], 0.3);
    for (let i = 0; i < 3; i++) await learner.metaStep();
    expect(learner.skipped).toBe(1);
    expect(skipped).toHaveLength(1);
    expect(skipped[0]).toMatch(/^large was skipped: Neurons .*in task "large", free phase .*at step [1-9]/);
    await learner.close();
  });

  it('where it is strict, ends there', async () => {
    const { learner } = streamOf([false, true, false], 0.3, { strict: true });
    await learner.metaStep();
    await expect(learner.metaStep()).rejects.toThrow(UnstableNeuronsError);
    await learner.close();
  });

  it('ends where neurons would settle in no task', async () => {
    const { learner, skipped } = streamOf([false, false], 0.9, { scale: 2 });
    await expect(learner.metaStep()).rejects.toThrow(/^Task 0, "usual": Neurons .* at step 0\./);
    expect(skipped).toEqual([]);
    await learner.close();
  });

  it('ends where they have settled in none of the first meta-batch', async () => {
    const { learner } = streamOf([true, true], 0.3, { batch: 2 });
    await expect(learner.metaStep()).rejects.toThrow(UnstableNeuronsError);
    await learner.close();
    const mixed = streamOf([true, false], 0.3, { batch: 2 });
    await mixed.learner.metaStep();
    expect(mixed.learner.skipped).toBe(1);
    await mixed.learner.close();
  });

  it('counts a task that is judged as not learned, and goes on', async () => {
    const { learner } = streamOf([false], 0.3);
    const [before, after] = await learner.evaluate([episode(0, false), episode(1, true)], [0, 20]);
    expect(before!.every(Number.isFinite)).toBe(true);
    expect(after!.map(Number.isFinite)).toEqual([true, false]);
    await learner.close();
  });
});
