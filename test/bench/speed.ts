import { setTimeout as pause } from 'node:timers/promises';
import type { BlasChoice } from '../../src/engine/simd/machine/system-blas';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { median, table } from './figures';
import { openWork, works } from './inner-steps';
import { measureLocalRule } from './local-rule';
import { measureParallel } from './parallel';
import { Peer } from './peer';
import type { Report } from './report';
import { exitCodeOf, judge, type Row } from './row';
import { measureStartUp } from './start-up';
import { trials } from './trials';

/** How many threads a step is taken by, ours and the peer's: the better of the two counts. */
const threads = [1, 2];

/** Milliseconds: a BLAS library's idle threads spin for some 20 ms after their last product, and would take our second core. */
const afterwards = 60;

interface Fastest {
  readonly milliseconds: number;
  readonly threads: number;
}

/** @param times by the number of threads, [threads][trials] */
function fastest(times: readonly number[][]): Fastest {
  const medians = times.map(median);
  const milliseconds = Math.min(...medians);
  return { milliseconds, threads: threads[medians.indexOf(milliseconds)]! };
}

const told = ({ milliseconds, threads: count }: Fastest): string =>
  `${milliseconds.toPrecision(3)} ms by ${count}`;

/** Inner steps, ours and the peer's in turn; medians over the trials. */
async function innerSteps(peer: Peer | null, blas: BlasChoice): Promise<Row[]> {
  const engine = simdEngine({ blas });
  const rows: Row[] = [];
  for (const work of works) {
    const ours = await Promise.all(threads.map((count) => openWork(work, engine, count)));
    const steps = Math.max(3, Math.ceil(60 / (await ours[0]!.milliseconds(3)))); // some 60 ms a trial
    const few = Math.max(3, Math.ceil(steps / 10));
    const own: number[][] = threads.map(() => []);
    const others: number[][] = threads.map(() => []);
    for (let trial = 0; trial < trials; trial++) {
      for (const [i, count] of threads.entries()) {
        await pause(afterwards);
        own[i]!.push(await ours[i]!.milliseconds(steps));
        if (peer !== null) others[i]!.push(await peer.milliseconds(work.name, few, count));
      }
    }
    for (const { close } of ours) await close();
    const [time, best] = [fastest(own), peer === null ? null : fastest(others)];
    rows.push({
      ...{ work: work.title, shapes: work.shapes, ours: told(time) },
      peer: best === null ? '' : told(best),
      ...{
        ratio: best === null ? null : best.milliseconds / time.milliseconds,
        goal: work.goal[blas === 'wasm' ? 'wasm' : 'system'],
      },
    });
  }
  return rows;
}

/** The table of goals: the engine beside a peer and beside what the machine can do. */
export async function measureSpeed(peerName: string | undefined, blas: BlasChoice): Promise<Report> {
  const peer = peerName === undefined ? null : await Peer.torch();
  const timed = await innerSteps(peer, blas);
  peer?.close(); // before what has no peer, which is to have the machine for itself
  const rows: Row[] = [
    ...timed,
    ...measureLocalRule(trials),
    ...(await measureParallel(trials)),
    await measureStartUp(trials),
  ];
  const verdict = judge(rows);
  const head = ['work', 'shapes', 'metaplast', 'peer or machine', 'ratio', 'goal'];
  const cells = rows.map((row) => [
    ...[row.work, row.shapes, row.ours, row.peer],
    ...[row.ratio === null ? '' : row.ratio.toPrecision(3), `>= ${row.goal}`],
  ]);
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join('; ')}`];
  return {
    data: { peer: peer?.version ?? null, rows, ...verdict },
    lines: [
      ...(peer === null ? [] : [peer.version]),
      ...table([head, ...cells]),
      ...named('Goals missed', verdict.missed),
      ...named('Goals that were not judged, for want of --peer torch', verdict.notJudged),
    ],
    exitCode: exitCodeOf(verdict),
  };
}
