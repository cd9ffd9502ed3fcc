import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { openMachine } from '../../src/engine/simd/machine/machine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { measureBandwidth } from './bandwidth';
import { table } from './figures';
import { openWork, type Work, works } from './inner-steps';
import { type Part, parts, ruleCost } from './kernel-costs';
import { openLocalRule } from './local-rule';
import { measurePeak } from './peak';
import { type Profile, profile } from './profile';
import { recordStep } from './recorded-step';
import type { Report } from './report';
import { type Demand, type Roof, type UnderRoof, underRoof } from './roof';
import { fastest, shortTrials } from './trials';

interface RooflineRow extends Demand, UnderRoof {
  readonly work: string;
  readonly shapes: string;
  readonly milliseconds: number;
  /** 10^9 bytes a second, in a working set as large. */
  readonly bandwidth: number;
  /** null for what is one kernel. */
  readonly profile: Profile | null;
}

/** Free steps of dense networks: kernels of image layers have no costs in the table yet. */
const isCounted = ({ network, replay }: Work): boolean =>
  replay === undefined && network.layers.every(({ kind }) => ['dense', 'relu', 'tanh'].includes(kind));

/** An inner step: the whole by the engine, and in turn the calls that it is made of, each timed. */
async function innerStep(work: Work, peak: number, blas: BlasChoice): Promise<RooflineRow> {
  const whole = await openWork(work, simdEngine({ blas }));
  const recorded = recordStep(work, openMachine(blas));
  const steps = Math.max(1, Math.ceil(3 / (await whole.milliseconds(3))));
  for (const begin = performance.now(); performance.now() - begin < 200; ) profile(recorded, steps);
  const times: number[] = [];
  const profiles: Profile[] = [];
  for (let trial = 0; trial < shortTrials; trial++) {
    times.push(await whole.milliseconds(steps));
    profiles.push(profile(recorded, steps));
  }
  await whole.close();
  recorded.close();
  const sum = (of: (call: Demand) => number) => recorded.calls.reduce((total, call) => total + of(call), 0);
  const demand = { operations: sum(({ operations }) => operations), bytes: sum(({ bytes }) => bytes) };
  const least = parts.map((part) => [part, Math.min(...profiles.map((each) => each[part]))]);
  return {
    ...rowOf(work, demand, Math.min(...times), { peak, bandwidth: measureBandwidth(recorded.bytesInUse) }),
    profile: Object.fromEntries(least) as Profile,
  };
}

function localRule(synapses: number, peak: number): RooflineRow {
  const { rule, close } = openLocalRule(synapses);
  const repeats = Math.ceil(2e6 / synapses);
  const milliseconds = fastest(() => rule(repeats));
  close();
  const demand = { operations: ruleCost.operations * synapses, bytes: 4 * ruleCost.numbers * synapses };
  const bandwidth = measureBandwidth(5 * 4 * synapses); // five arrays of float32
  const named = { title: 'local rule alone', shapes: `${synapses / 1e6}M synapses` };
  return { ...rowOf(named, demand, milliseconds, { peak, bandwidth }), profile: null };
}

function rowOf(
  { title: work, shapes }: Pick<Work, 'title' | 'shapes'>,
  { operations, bytes }: Demand,
  milliseconds: number,
  roof: Roof,
): Omit<RooflineRow, 'profile'> {
  const under = underRoof({ operations, bytes }, milliseconds, roof);
  return { work, shapes, operations, bytes, milliseconds, bandwidth: roof.bandwidth, ...under };
}

/** How near each work comes to what one core could do, and where the time of inner steps goes. It has no goals. */
export async function measureRoofline(blas: BlasChoice): Promise<Report> {
  const peak = measurePeak();
  const rows: RooflineRow[] = [];
  for (const work of works.filter(isCounted)) rows.push(await innerStep(work, peak, blas));
  for (const synapses of [1_000_000, 10_000_000]) rows.push(localRule(synapses, peak));
  return {
    data: { peak, rows },
    lines: [
      `One core in WebAssembly: ${peak.toPrecision(3)} GFLOP/s of float32 multiplications and additions.`,
      ...['', ...rooflineTable(rows), '', ...profileTable(rows)],
    ],
    exitCode: 0,
  };
}

const digits = (value: number): string => value.toPrecision(3);

function rooflineTable(rows: readonly RooflineRow[]): string[] {
  const head = ['work', 'shapes', 'a step', 'MFLOP', 'MB', 'FLOP/B', 'copy GB/s', 'roof GFLOP/s'];
  return table([
    [...head, 'limit', 'reached', 'share'],
    ...rows.map((row) => [
      ...[row.work, row.shapes, `${digits(row.milliseconds)} ms`, digits(row.operations / 1e6)],
      ...[row.bytes / 1e6, row.intensity, row.bandwidth, row.attainable].map(digits),
      ...[row.limit, digits(row.reached), digits(row.share)],
    ]),
  ]);
}

/** Milliseconds of each part; `other` is what the whole step takes beyond them: calls, and looking arrays up. */
function profileTable(rows: readonly RooflineRow[]): string[] {
  const profiled = rows.filter((row): row is RooflineRow & { profile: Profile } => row.profile !== null);
  const cell = (row: RooflineRow, milliseconds: number) =>
    `${digits(milliseconds)} ms (${Math.round((100 * milliseconds) / row.milliseconds)} %)`;
  return table([
    ['where the time goes', ...parts, 'other'],
    ...profiled.map((row) => {
      const known = parts.reduce((sum: number, part: Part) => sum + row.profile[part], 0);
      const shares = parts.map((part) => cell(row, row.profile[part]));
      return [row.work, ...shares, cell(row, row.milliseconds - known)];
    }),
  ]);
}
