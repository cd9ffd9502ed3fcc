import os from 'node:os';
import { Argument, Command, Option } from 'commander';
import { type BlasChoice, blasChoices } from '../../src/engine/simd/machine/blas-choice';
import { writeFigure } from '../../src/run/directory/figure-files';
import { type Adapter, adapters } from '../browser/open-page';
import { letOpenBlasChoose } from './open-blas';
import { type PeerName, peerNames } from './peer';
import type { Report } from './report';

interface Flags {
  readonly peer: readonly PeerName[];
  readonly blas: BlasChoice;
  readonly json?: boolean;
  readonly assert?: boolean;
  readonly figures?: string;
  readonly seeds: string;
  readonly only?: string;
  readonly adapter: Adapter;
}

type Benchmark = (flags: Flags) => Promise<Report>;

/** Each loads what it measures with, and nothing else. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  speed: async ({ peer, blas, only }) => (await import('./speed')).measureSpeed(peer, blas, only),
  memory: async ({ blas }) => (await import('./memory')).measureMemory(blas),
  growth: async ({ blas }) => (await import('./growth')).measureGrowth(blas),
  advice: async ({ seeds, only }) =>
    (await import('./advice')).followAdvice(seeds.split(',').map(Number), only),
  webgpu: async ({ adapter, only }) => (await import('./webgpu')).measureWebgpu(adapter, only),
  credit: async ({ blas }) => (await import('./credit')).measureCredit(blas),
  roofline: async ({ blas }) => (await import('./roofline')).measureRoofline(blas),
};

async function main(): Promise<void> {
  letOpenBlasChoose();
  const bench = new Command('bench')
    .description('measure the simd engine, or what becomes of those who take advice')
    .addArgument(
      new Argument(
        '[what]',
        'speed beside peers, memory of steps on many images, growth with size, sources of credit beside backprop, how near to what the machine can do, GPU.js on a graphics card in Chromium, or advice in a closed loop',
      )
        .choices(Object.keys(benchmarks))
        .default('speed'),
    )
    .addOption(
      new Option(
        '--peer <names...>',
        'PyTorch on the CPU, the best of 1 and 2 threads; jax-js by WebAssembly',
      )
        .choices(peerNames)
        .default([]),
    )
    .addOption(
      new Option('--blas <choice>', 'who multiplies large matrices').choices(blasChoices).default('wasm'),
    )
    .option('--seeds <list>', 'for advice: the seeds to run with', '1')
    .option(
      '--only <text>',
      'for speed, advice and webgpu: only rows or settings that this is part of, as "LeNet", "boston beta" or "rule, 1000"',
    )
    .addOption(
      new Option(
        '--adapter <kind>',
        'for webgpu: hardware refuses to measure a processor; CHROMIUM and CHROMIUM_FLAGS in the environment name another browser and its flags',
      )
        .choices(adapters)
        .default('hardware'),
    )
    .option('--json', 'print one JSON document')
    .option('--figures <folder>', 'draw figures there: SVG, PNG, CSV, and JSON to draw them from')
    .option('--assert', 'exit with 1 where a goal is missed, or could not be judged')
    .parse();
  const flags = bench.opts<Flags>();
  const report = await benchmarks[bench.processedArgs[0] as string]!(flags);
  const machine = {
    cpu: os.cpus()[0]!.model.trim(),
    cores: os.cpus().length,
    node: process.version,
    blas: flags.blas,
    load: os.loadavg()[0]!.toFixed(2),
  };
  if (flags.json) console.log(JSON.stringify({ machine, ...report.data }, null, 2));
  else {
    const described = Object.entries(machine).map(([key, value]) => `${key} ${value}`);
    console.log([described.join(', '), ...report.lines].join('\n'));
  }
  if (flags.figures !== undefined) {
    const command = `npm run bench -- ${bench.processedArgs[0]}${flags.blas === 'wasm' ? '' : ` --blas ${flags.blas}`}`;
    for (const figure of report.figures ?? []) writeFigure(flags.figures, { ...figure, command });
  }
  if (flags.assert) process.exitCode = report.exitCode;
}

main();
