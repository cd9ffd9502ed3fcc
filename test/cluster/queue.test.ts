import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { queueAddress } from '../../src/cluster/address';
import { queueKeys, queueNameOf } from '../../src/cluster/keys';
import { openExchange } from '../../src/cluster/open-exchange';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { fromModule } from '../../src/run/scenario/from-module';
import { leftOn } from './left-on-server';
import {
  describeEachServer,
  endWorkers,
  learners,
  live,
  liveByQueue,
  startWorker,
  until,
} from './queue-of-tests';
import { begun, writeSlowMethod } from './slow-method';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-queue-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const file = writeSlowMethod(folder);
let logs = 0;
const newLog = (): string => path.join(folder, `begun-${logs++}`);

/** A learner by a file of a user's own, whose tasks take so long. */
async function slowLearner(milliseconds: number, log: string) {
  const learner = await fromModule<MetaLearner>(file, 'slow', { milliseconds, log });
  return { ...learners.maml(), learner };
}

describeEachServer('meta-batches by a queue on %s', (server) => {
  it.each(Object.entries(learners))(
    'have the bits of one machine by 1, 2 and 4 workers: %s',
    async (_, make) => {
      const alone = await live(make(), {});
      for (const count of [1, 1, 2]) {
        for (let i = 0; i < count; i++) startWorker(server().url);
        expect((await liveByQueue(server().url, make())).seen).toEqual(alone);
      }
    },
  );

  it('go on when a worker is killed in the midst of a task', async () => {
    const alone = await live(await slowLearner(0, newLog()), { metaSteps: 3, batch: 4 });
    const log = newLog();
    const [first] = [
      startWorker(server().url, file, '--lock', '1'),
      startWorker(server().url, file, '--lock', '1'),
    ];
    const learning = liveByQueue(server().url, await slowLearner(500, log), { metaSteps: 3, batch: 4 });
    await until(() => begun(log).at(-1)?.pid === first!.child.pid, 'the first worker had begun a task');
    first!.child.kill('SIGKILL');
    const { seen, said } = await learning;
    expect(seen).toEqual(alone);
    expect(said.join('\n')).toMatch(/worker .* learns now/);
    // The task that was under way was begun once more, by the other one.
    const lost = begun(log)
      .filter(({ pid }) => pid === first!.child.pid)
      .at(-1)!;
    expect(begun(log).filter(({ task }) => task === lost.task)).toHaveLength(2);
  });

  it('learn a task once that takes longer than its lock', async () => {
    const log = newLog();
    for (let i = 0; i < 2; i++) startWorker(server().url, file, '--lock', '1');
    const { seen } = await liveByQueue(server().url, await slowLearner(4000, log), {
      metaSteps: 1,
      batch: 2,
    });
    expect(
      begun(log)
        .map(({ task }) => task)
        .sort(),
    ).toEqual([0, 1]);
    expect(seen).toEqual(await live(await slowLearner(0, newLog()), { metaSteps: 1, batch: 2 }));
  });

  it.each(['kill', 'stop'] as const)('lose nothing when the server ends (%s) and comes back', async (how) => {
    const alone = await live(await slowLearner(0, newLog()), { metaSteps: 3, batch: 4 });
    const log = newLog();
    for (let i = 0; i < 2; i++) startWorker(server().url, file, '--lock', '2');
    const learning = liveByQueue(server().url, await slowLearner(300, log), { metaSteps: 3, batch: 4 });
    await until(() => begun(log).length > 5, 'the second meta-step had begun');
    await server()[how]();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await server().restart();
    expect((await learning).seen).toEqual(alone);
  });

  it('take workers that come when the run waits for some, and says so', async () => {
    const alone = await live(learners.contrastive(), {});
    const learning = liveByQueue(server().url, learners.contrastive());
    await new Promise((resolve) => setTimeout(resolve, 5000));
    startWorker(server().url);
    const { seen, said } = await learning;
    expect(seen).toEqual(alone);
    expect(said[0]).toMatch(/no worker learns for this run yet.*\n {2}metaplast worker --queue/);
    expect(said.join()).not.toContain(server().password);
  });

  it('are refused by a worker that lacks the file that the run learns by; one that has it does them', async () => {
    const log = newLog();
    startWorker(server().url);
    await until(() => fs.existsSync(file), 'there is the file');
    setTimeout(() => startWorker(server().url, file), 3000);
    const { said } = await liveByQueue(server().url, await slowLearner(1, log), { metaSteps: 1 });
    expect(said.join('\n')).toMatch(/cannot learn for this run.*does not have: slow-method\.js/);
    const [lacking] = await endWorkers();
    expect(lacking).toMatch(/a run cannot be learned for\. .*slow-method\.js.*metaplast worker FILE/s);
  });

  it('leave nothing on the server once run and workers have ended', async () => {
    startWorker(server().url);
    await liveByQueue(server().url, learners.contrastive());
    await endWorkers();
    expect(await leftOn(server())).toEqual([]);
  });

  it('of a run that is long gone are removed by a worker that comes later', async () => {
    const exchange = await openExchange(queueAddress(server().url, { environment: {} }), () => {});
    const id = 'long-gone';
    await exchange.store.announce(queueKeys + id, Buffer.from('1'), 60);
    const queue = await exchange.queue(queueNameOf(id));
    await queue.add('of-nobody', { values: '', tasks: '' });
    await queue.close();
    await exchange.close();
    expect((await leftOn(server())).join()).toContain(id);
    const worker = startWorker(server().url, '--idle', '0.5');
    await worker.ended;
    expect(await leftOn(server())).toEqual([]);
  });
});
