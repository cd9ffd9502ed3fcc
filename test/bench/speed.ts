import { simdEngine } from '../../src/engine/simd/simd-engine';
import type { BlasChoice } from '../../src/engine/simd/system-blas';
import { median, table } from './figures';
import { openWork, works } from './inner-steps';
import { measureLocalRule } from './local-rule';
import { measureParallel } from './parallel';
import { Peer } from './peer';
import type { Report } from './report';
import { exitCodeOf, judge, type Row } from './row';
import { measureStartUp } from './start-up';
import { trials } from './trials';

/** Inner steps, ours and the peer's in turn; medians over the trials. */
async function innerSteps(peer: Peer | null, blas: BlasChoice): Promise<Row[]> {
  const engine = simdEngine({ blas });
  const rows: Row[] = [];
  for (const work of works) {
    const ours = await openWork(work, engine);
    const steps = Math.max(3, Math.ceil(60 / (await ours.milliseconds(3)))); // some 60 ms a trial
    const own: number[] = [];
    const others: [number[], number[]] = [[], []];
    for (let trial = 0; trial < trials; trial++) {
      own.push(await ours.milliseconds(steps));
      if (peer === null) continue;
      for (const threads of [1, 2] as const) {
        const few = Math.max(3, Math.ceil(steps / 10));
        others[threads - 1]!.push(await peer.milliseconds(work.name, few, threads));
      }
    }
    await ours.close();
    const time = median(own);
    const best = peer === null ? null : Math.min(...others.map(median));
    rows.push({
      ...{ work: work.title, shapes: work.shapes, ours: `${time.toPrecision(3)} ms` },
      peer: best === null ? '' : `${best.toPrecision(3)} ms`,
      ...{
        ratio: best === null ? null : best / time,
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
