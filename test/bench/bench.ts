import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { type BlasChoice, blasChoices } from '../../src/engine/simd/system-blas';
import type { Report } from './report';

interface Flags {
  readonly peer?: string;
  readonly blas: BlasChoice;
  readonly json?: boolean;
  readonly assert?: boolean;
  readonly figures?: string;
}

type Benchmark = (flags: Flags) => Promise<Report>;

/** Each loads what it measures with, and nothing else. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  speed: async ({ peer, blas }) => (await import('./speed')).measureSpeed(peer, blas),
  growth: async ({ blas }) => (await import('./growth')).measureGrowth(blas),
  roofline: async ({ blas }) => (await import('./roofline')).measureRoofline(blas),
};

async function main(): Promise<void> {
  const command = new Command('bench')
    .description('measure the simd engine')
    .addArgument(
      new Argument('[what]', 'speed beside a peer, growth with size, or how near to what the machine can do')
        .choices(Object.keys(benchmarks))
        .default('speed'),
    )
    .addOption(
      new Option('--peer <name>', 'PyTorch on the CPU, the best of 1 and 2 threads').choices(['torch']),
    )
    .addOption(
      new Option('--blas <choice>', 'who multiplies large matrices').choices(blasChoices).default('wasm'),
    )
    .option('--json', 'print one JSON document')
    .option('--figures <folder>', 'keep figures there, as data')
    .option('--assert', 'exit with 1 where a goal is missed, or could not be judged')
    .parse();
  const flags = command.opts<Flags>();
  const report = await benchmarks[command.processedArgs[0] as string]!(flags);
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
    mkdirSync(flags.figures, { recursive: true });
    for (const figure of report.figures ?? []) {
      writeFileSync(join(flags.figures, `${figure.name}.json`), `${JSON.stringify(figure, null, 2)}\n`);
    }
  }
  if (flags.assert) process.exitCode = report.exitCode;
}

main();
