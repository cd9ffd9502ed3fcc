import { join } from 'node:path';
import { InputError } from '../../core/errors';
import { printable } from '../../core/printable';
import { readAccount } from '../../inspector/account/read-account';
import type { RunFiles } from '../../run/directory/run-files';
import { readRunTrace, readRunTraces } from '../../run/directory/run-traces';
import { type AskedSynapses, describeSynapses } from '../../trace/asked-synapses';
import { type RecordedSynapse, RecordedSynapses } from '../../trace/recorded-synapses';
import type { TraceEntry, TraceIndex } from '../../trace/recorder';
import { printJson, type Terminal } from '../terminal';
import { marksInWords } from './phase-marks';
import { reportAccount } from './report-account';
import { reportSynapse, synapseInWords } from './report-synapse';

/** So many are printed at once: more are asked for by mistake. */
const mostSynapses = 20;

export interface PrintOptions {
  readonly directory: string;
  /** The words that they were asked for by. */
  readonly words: string;
  readonly width: number;
  readonly json: boolean;
}

/**
 * Prints what every trace of a run holds of some synapses: sparklines, tables, and what the rule did last.
 * @throws InputError where no trace holds them, or they are too many.
 */
export function printSynapses(
  terminal: Terminal,
  files: RunFiles,
  asked: readonly AskedSynapses[],
  { directory, words, width, json }: PrintOptions,
): void {
  const index = readRunTraces(files);
  const found = synapsesIn(index, asked);
  if (found.length === 0) throw nowhere(index, words);
  if (found.length > mostSynapses) {
    throw new InputError({
      what: 'So many synapses are not printed at once',
      got: found.length,
      legal: `up to ${mostSynapses}`,
      advice: `Print one trace as comma-separated values: metaplast trace ${directory} TRACE --synapse ${words}`,
    });
  }
  if (json) {
    printJson(
      terminal,
      found.map(({ source, ...synapse }) => ({
        synapse,
        traces: tracesOf(files, index, { ...synapse, source }),
      })),
    );
    return;
  }
  const all = (synapse: number) => (trace: string) =>
    `metaplast trace ${directory} ${trace} --synapse ${synapse}`;
  const texts = found.map((synapse) => {
    const parts = holding(index, synapse).map(([name]) =>
      reportSynapse(name, readRunTrace(files, name, [isExactly(synapse)]), synapse.index, {
        width,
        all: all(synapse.index),
      }).join('\n'),
    );
    const account = lastAccount(join(files.directory, 'traces'), index, synapse);
    return [
      `${synapseInWords(synapse)}\n(phases: ${marksInWords})`,
      ...parts,
      ...(account === null ? [] : [account.join('\n')]),
    ].join('\n\n');
  });
  terminal.out(`${printable(texts.join('\n\n'))}\n`);
}

/** A synapse of one source. */
type FoundSynapse = RecordedSynapse & Pick<TraceEntry, 'source'>;

const isExactly = ({ index }: RecordedSynapse): AskedSynapses => ({
  word: String(index),
  matches: (other) => other.index === index,
});

/** Those of any trace, by source and index: another method has another network. */
function synapsesIn(index: TraceIndex, asked: readonly AskedSynapses[]): FoundSynapse[] {
  const found = new Map<string, FoundSynapse>();
  for (const { synapses, source } of Object.values(index)) {
    for (const synapse of new RecordedSynapses(synapses)) {
      if (!asked.some((one) => one.matches(synapse))) continue;
      found.set(`${source} ${synapse.index}`, { ...synapse, source });
    }
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

const holding = (index: TraceIndex, synapse: FoundSynapse) =>
  Object.entries(index).filter(
    ([, { synapses, source }]) =>
      source === synapse.source && new RecordedSynapses(synapses).columnOf(synapse.index) !== null,
  );

/** At the last meta-update of the trace that has an account of it. */
function lastAccount(folder: string, index: TraceIndex, synapse: FoundSynapse): string[] | null {
  for (const [name, entry] of holding(index, synapse)) {
    const [rows] = entry.shape;
    if (entry.account === undefined || rows === 0) continue;
    const column = new RecordedSynapses(entry.synapses).columnOf(synapse.index)!;
    return reportAccount(readAccount(folder, index, name, rows - 1, column));
  }
  return null;
}

function tracesOf(files: RunFiles, index: TraceIndex, synapse: FoundSynapse): object {
  const entries = holding(index, synapse).map(([name]) => {
    const { moments, courses, entry } = readRunTrace(files, name, [isExactly(synapse)]);
    const values = Object.fromEntries(courses.map((course) => [course.variable, [...course.values]]));
    return [name, { at: entry.at, every: entry.every, columns: entry.when.columns, moments, values }];
  });
  return Object.fromEntries(entries);
}

function nowhere(index: TraceIndex, words: string): InputError {
  const held = Object.entries(index).map(
    ([name, { synapses }]) => `${name} holds ${describeSynapses(new RecordedSynapses(synapses))}`,
  );
  return new InputError({
    what: 'No trace of the run holds such a synapse',
    got: words,
    legal: held.join('; ') || 'none: the run has recorded no trace',
  });
}
