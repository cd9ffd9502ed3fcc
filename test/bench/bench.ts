import os from 'node:os';
import { Command } from 'commander';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import type { BlasChoice } from '../../src/engine/simd/system-blas';
import { median, table } from './figures';
import { prepare, works } from './inner-steps';
import { measureLocalRule } from './local-rule';
import { measureParallel } from './parallel';
import { Peer } from './peer';
import { measureStartUp } from './start-up';

/** One line of the table. */
interface Row {
  readonly work: string;
  readonly shapes: string;
  readonly ours: string;
  readonly peer: string;
  /** How many times better than the peer, or the fraction of what is possible. */
  readonly ratio: number;
  readonly goal: number;
}

const trials = 9;

/** Inner steps, ours and the peer's in turn; medians over the trials. */
async function innerSteps(peer: Peer | null, blas: BlasChoice): Promise<Row[]> {
  const engine = simdEngine({ blas });
  const rows: Row[] = [];
  for (const work of works) {
    const ours = await prepare(work, engine);
    const steps = Math.max(3, Math.ceil(60 / (await ours(3)))); // some 60 ms a trial
    const own: number[] = [];
    const others: [number[], number[]] = [[], []];
    for (let trial = 0; trial < trials; trial++) {
      own.push(await ours(steps));
      if (peer === null) continue;
      for (const threads of [1, 2] as const) {
        const few = Math.max(3, Math.ceil(steps / 10));
        others[threads - 1]!.push(await peer.milliseconds(work.name, few, threads));
      }
    }
    const time = median(own);
    const best = peer === null ? Number.NaN : Math.min(...others.map(median));
    rows.push({
      ...{ work: work.title, shapes: work.shapes, ours: `${time.toPrecision(3)} ms` },
      peer: peer === null ? '' : `${best.toPrecision(3)} ms`,
      ...{ ratio: best / time, goal: work.goal[blas === 'wasm' ? 'wasm' : 'system'] },
    });
  }
  return rows;
}

async function main(): Promise<void> {
  const flags = new Command('bench')
    .description('measure the simd engine, in one run with a peer: medians of trials taken in turn')
    .option('--peer <name>', 'torch: PyTorch on the CPU, the best of 1 and 2 threads')
    .option('--blas <choice>', 'wasm, or system: who multiplies large matrices', 'wasm')
    .option('--json', 'print one JSON document')
    .option('--assert', 'exit with 1 where a goal is missed')
    .parse()
    .opts<{ peer?: string; blas: BlasChoice; json?: boolean; assert?: boolean }>();
  const peer = flags.peer === undefined ? null : await Peer.torch();
  const timed = await innerSteps(peer, flags.blas);
  peer?.close(); // before what has no peer, which is to have the machine for itself
  const rows: Row[] = [
    ...timed,
    ...measureLocalRule(trials),
    ...(await measureParallel(trials)),
    await measureStartUp(trials),
  ];
  const machine = {
    cpu: os.cpus()[0]!.model.trim(),
    cores: os.cpus().length,
    node: process.version,
    peer: peer?.version ?? null,
    blas: flags.blas,
    load: os.loadavg()[0]!.toFixed(2),
  };
  const missed = rows.filter(({ ratio, goal }) => ratio < goal);
  if (flags.json)
    console.log(JSON.stringify({ machine, rows, missed: missed.map(({ work }) => work) }, null, 2));
  else {
    console.log(
      Object.entries(machine)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    );
    const head = ['work', 'shapes', 'metaplast', 'peer or machine', 'ratio', 'goal'];
    const lines = rows.map((row) => [
      ...[row.work, row.shapes, row.ours, row.peer],
      ...[Number.isNaN(row.ratio) ? '' : row.ratio.toPrecision(3), `>= ${row.goal}`],
    ]);
    console.log(table([head, ...lines]).join('\n'));
  }
  if (flags.assert && missed.length > 0) process.exitCode = 1;
}

main();
