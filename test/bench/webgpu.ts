import os from 'node:os';
import { relativeError } from '../../src/baselines/implicit';
import { MetaplastError } from '../../src/core/errors';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Adapter, findChromium, flagsOf, openPage } from '../browser/open-page';
import type { PageAnswers } from '../browser/page';
import { answersOf } from '../browser/problems';
import { apart, questions, wrongOf } from '../browser/questions';
import { askWork, type PhaseTimes, type Timed, type TimedRule, type WorkAnswers } from '../browser/timings';
import { type GridAnswers, judge } from '../kernel/gpu/dialect-grid';
import { inShaders } from '../kernel/gpu/exactness';
import { median, table } from './figures';
import { openWork, works } from './inner-steps';
import { openLocalRule } from './local-rule';
import type { Report } from './report';

type Mode = 'webgpu' | 'webgl2' | 'webasm' | 'cpu';

/** A slower mode is asked for no more synapses than these, and for no more multiplications a step. */
const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];
const most: Readonly<Record<Mode, { readonly synapses: number; readonly works: readonly string[] }>> = {
  webgpu: {
    synapses: 1e7,
    works: ['boston', 'mnist-few', 'mnist-many', 'lenet-free', 'conv4-few', 'conv4-many'],
  },
  webgl2: {
    synapses: 1e7,
    works: ['boston', 'mnist-few', 'mnist-many', 'lenet-free', 'conv4-few', 'conv4-many'],
  },
  webasm: {
    synapses: 1e7,
    works: ['boston', 'mnist-few', 'mnist-many', 'lenet-free', 'conv4-few', 'conv4-many'],
  },
  cpu: { synapses: 1e6, works: ['boston', 'mnist-few'] },
};

/** Samples at which a real network is held to the reference engine. */
const held: Readonly<Record<string, number>> = { 'mnist-few': 10, 'lenet-free': 8, 'conv4-few': 5 };

type Found = Record<string, unknown>;

/**
 * GPU.js on this machine's graphics card, in Chromium: whether its numbers are right, and how long rules and inner steps take, beside the
 * same in WebAssembly and JavaScript in the same browser, and by the simd engine in Node.
 * @param only parts or rows that this is a part of: `checks`, `rule`, a work's name
 */
export async function measureWebgpu(adapter: Adapter, only = ''): Promise<Report> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new MetaplastError({
      what: 'There is no Chromium to measure WebGPU in',
      advice: 'Install one, or name its file in the environment variable CHROMIUM',
    });
  }
  const open = await openPage(executablePath, adapter, require.resolve('../browser/device-page'));
  const found: Found = {
    chromium: open.browser.version(),
    flags: flagsOf(adapter),
    devices: await open.page.evaluate('describeDevices()'),
  };
  const ask = async (call: string, ...given: unknown[]): Promise<unknown> =>
    open.page.evaluate(`${call}(${given.map((value) => JSON.stringify(value))})`);
  /** Asks for one thing; what went wrong is a finding too. */
  const find = async (what: string, look: () => Promise<unknown>): Promise<void> => {
    if (!what.includes(only)) return;
    open.complaints.length = 0;
    try {
      found[what] = await look();
    } catch (error) {
      found[what] = { failed: (error as Error).message.slice(0, 2000) };
    }
    if (open.complaints.length > 0) found[`${what}: complaints`] = open.complaints.slice(0, 10);
    console.error(JSON.stringify({ [what]: found[what], complaints: open.complaints.slice(0, 5) }));
  };
  console.error(JSON.stringify(found));
  refuseSoftware(adapter, found.devices as Devices);

  for (const mode of ['webgpu', 'webgl2'] as const) {
    await find(`checks, problems, ${mode}`, async () => {
      const rulesBy = mode === 'webgl2' ? 'executor' : 'engine';
      const given = [mode, questions, rulesBy];
      const { answers, probe, report } = (await ask('answerInPage', ...given)) as PageAnswers;
      const executor = rulesBy === 'executor' ? plainExecutor() : undefined;
      const parts = apart(answers, await answersOf(referenceEngine, questions, executor));
      const worst = Object.entries(parts).sort(([, a], [, b]) => b - a);
      return { asked: worst.length, wrong: wrongOf(parts), worst: worst.slice(0, 5), probe, report };
    });
    await find(`checks, grid, ${mode}`, async () => {
      const grid = mode === 'webgl2' ? 'gridOfRules' : 'gridOfEngine';
      const judged = judge((await ask(grid, mode)) as GridAnswers, inShaders);
      const wrong = Object.entries(judged).filter(([, of]) => of.wrong.length > 0);
      return {
        asked: Object.keys(judged).length,
        wrong: wrong.map(([name, of]) => [name, of.wrong.length, of.wrong.slice(0, 8)]),
        worst: Object.fromEntries(
          Object.entries(judged).flatMap(([name, { worst }]) => (worst > 0 ? [[name, worst]] : [])),
        ),
      };
    });
  }
  for (const [name, samples] of Object.entries(held)) {
    for (const mode of ['webgpu', 'webgl2'] as const) {
      await find(`checks, ${name}, ${mode}`, async () => {
        const got = (await ask('answerWork', mode, name, samples)) as WorkAnswers;
        const truth = await askWork(referenceEngine, name, samples);
        return Object.fromEntries(
          Object.entries(truth).map(([what, values]) => [
            what,
            relativeError(Float64Array.from(got[what as keyof WorkAnswers]), Float64Array.from(values)),
          ]),
        );
      });
    }
  }
  for (const mode of Object.keys(most) as Mode[]) {
    for (const synapses of sizes.filter((size) => size <= most[mode].synapses)) {
      await find(`rule, ${synapses}, ${mode}`, () => ask('timeRule', mode, synapses));
    }
  }
  for (const synapses of sizes) await find(`rule, ${synapses}, simd`, async () => timeSimdRule(synapses));
  for (const { name } of works) {
    for (const mode of Object.keys(most) as Mode[]) {
      if (most[mode].works.includes(name))
        await find(`step, ${name}, ${mode}`, () => ask('timeWork', mode, name));
    }
    if (most.webgpu.works.includes(name)) await find(`step, ${name}, simd`, () => timeSimdStep(name));
  }
  await open.browser.close();
  return { data: found, lines: describe(found), exitCode: 0 };
}

interface Devices {
  readonly webgpu: { readonly name: string; readonly hardware: boolean };
  readonly webgl2: { readonly name: string; readonly hardware: boolean };
}

/** Figures of a processor must not be taken for those of a graphics card. */
function refuseSoftware(adapter: Adapter, { webgpu, webgl2 }: Devices): void {
  if (adapter === 'software' || (webgpu.hardware && webgl2.hardware)) return;
  throw new MetaplastError({
    what: 'Chromium has no graphics card here behind WebGPU and WebGL2 both',
    got: `WebGPU: ${webgpu.name}; WebGL2: ${webgl2.name}`,
    advice:
      'Give it flags that suit this machine by the environment variable CHROMIUM_FLAGS, or take --adapter software',
  });
}

function timeSimdRule(synapses: number): Timed {
  const { rule, close } = openLocalRule(synapses);
  const steps = Math.max(1, Math.round(1e6 / synapses));
  rule(steps);
  const trials = Array.from({ length: 40 }, () => steps * rule(steps));
  close();
  return { report: null, phases: [{ steps, trials }] };
}

/** By 1, 2, 4 and 8 threads, where the processor has as many. */
async function timeSimdStep(name: string): Promise<object> {
  const work = works.find((candidate) => candidate.name === name)!;
  const byThreads: Record<number, PhaseTimes> = {};
  for (const threads of [1, 2, 4, 8].filter((count) => count <= os.cpus().length)) {
    const open = await openWork(work, simdEngine(), threads);
    const steps = Math.max(1, Math.ceil(60 / (await open.milliseconds(3))));
    const trials: number[] = [];
    for (let trial = 0; trial < 9; trial++) trials.push(steps * (await open.milliseconds(steps)));
    await open.close();
    byThreads[threads] = { steps, trials };
  }
  const [threads, best] = Object.entries(byThreads).sort((a, b) => stepTime(a[1]) - stepTime(b[1]))[0]!;
  return { report: null, phases: [best], threads: Number(threads), byThreads };
}

const stepTime = ({ steps, trials }: PhaseTimes): number => median(trials) / steps;

/** What a step more costs, of the two longest phases: nothing crosses for it. Null where there is one length only. */
function furtherStep(phases: readonly PhaseTimes[]): number | null {
  const [before, last] = phases.slice(-2);
  if (before === undefined || last === undefined) return null;
  return (Math.min(...last.trials) - Math.min(...before.trials)) / (last.steps - before.steps);
}

const time = (milliseconds: number): string => `${milliseconds.toPrecision(3)} ms`;

/** For people: a line a row, of what the medians of phases come to a step. */
function describe(found: Found): string[] {
  const rows = Object.entries(found).flatMap(([what, value]) => {
    if (!/^(rule|step), [^:]*$/.test(what)) return [];
    if (typeof (value as { failed?: string }).failed === 'string')
      return [[what, 'failed', '', '', (value as { failed: string }).failed.split('\n')[0]!]];
    const { phases, ...rest } = value as Timed & Partial<TimedRule>;
    const further = furtherStep(phases);
    return [
      [
        what,
        phases.map((phase) => `${phase.steps}: ${time(stepTime(phase))}`).join('  '),
        further === null ? '' : time(further),
        rest.apart === undefined ? '' : rest.apart.toExponential(1),
        rest.report?.executorKind ?? '',
      ],
    ];
  });
  const checks = Object.entries(found).filter(
    ([what]) => what.startsWith('checks') || /complaints/.test(what),
  );
  return [
    `Chromium ${found.chromium} ${(found.flags as string[]).join(' ')}`,
    JSON.stringify(found.devices),
    ...checks.map(([what, value]) => `${what}: ${JSON.stringify(value)}`),
    ...table([
      ['what', 'a step in phases of so many', 'a step more', 'from the plain rule', 'run by'],
      ...rows,
    ]),
  ];
}
