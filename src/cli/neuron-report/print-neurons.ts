import { InputError } from '../../core/errors';
import { printable } from '../../core/printable';
import { terminalChart } from '../../plot/terminal-chart';
import type { RunFiles } from '../../run/directory/run-files';
import { readRunNeuronTrace } from '../../run/directory/run-traces';
import { parseNeurons } from '../../trace/asked-neurons';
import type { NeuronCourse, NeuronTable } from '../../trace/read-neurons';
import { neuronsInWords } from '../../trace/read-neurons';
import type { NeuronTraceEntry } from '../../trace/recorder';
import { printJson, type Terminal } from '../terminal';

interface PrintOptions {
  /** The trace; all where left out. */
  readonly name: string | undefined;
  /** `0:3`; all neurons where left out. */
  readonly asked: string | undefined;
  readonly json: boolean;
}

/** Charts that are printed at once, at the most. */
const mostCharts = 8;

/**
 * Prints what a trace holds of neurons, as comma-separated values; without a name, charts of how they settled last.
 * @throws InputError where no trace holds them, or they are too many.
 */
export function printNeurons(
  terminal: Terminal,
  files: RunFiles,
  neurons: ReadonlyMap<string, NeuronTraceEntry>,
  { name, asked: words, json }: PrintOptions,
): void {
  const asked = words === undefined ? undefined : parseNeurons(words);
  const isHeld = ({ neurons: held }: NeuronTraceEntry): boolean =>
    asked === undefined || asked.every(({ matches }) => held.some(matches));
  const chosen = [...neurons].filter(([trace, entry]) => trace === (name ?? trace) && isHeld(entry));
  if (chosen.length === 0) throw nowhere(neurons, name, words);
  for (const [trace, entry] of chosen) {
    const table = readRunNeuronTrace(files, entry, asked);
    if (json) printJson(terminal, plain(table));
    else terminal.out(`${printable(name === undefined ? charts(trace, table) : lines(table))}\n`);
  }
}

const plain = ({ entry, moments, courses }: NeuronTable): object => ({
  ...entry,
  moments,
  courses: courses.map(({ values, ...course }) => ({ ...course, values: [...values] })),
});

/** `s[0:3]@2`: neuron 3 of layer 0 in sample 2. */
const label = ({ layer, unit, sample }: NeuronCourse): string => `s[${layer}:${unit}]@${sample}`;

function lines({ entry, moments, courses }: NeuronTable): string {
  const rows = moments.map((moment, row) => [...moment, ...courses.map(({ values }) => values[row])]);
  return [[...entry.when.columns, ...courses.map(label)], ...rows].map((row) => row.join(',')).join('\n');
}

/** How each neuron settled last: on training data in a free phase, where the trace has one. */
function charts(trace: string, { entry, moments, courses }: NeuronTable): string {
  if (courses.length > mostCharts) {
    throw new InputError({
      what: 'So many charts are not printed at once',
      got: courses.length,
      legal: `up to ${mostCharts}, one for each neuron in each sample`,
      advice: `Name fewer neurons; or print the trace as comma-separated values: metaplast trace RUN ${trace}`,
    });
  }
  const isFree = ([, phase, , , , on]: readonly number[]) => phase === 0 && on === 0;
  const isAny = () => true;
  const from = lastSettling(moments, moments.some(isFree) ? isFree : isAny);
  if (from === null) return `${trace}: no row yet`;
  const count = Math.floor(entry.sweeps / entry.every) + 1;
  const [task, phase, beta, step, , on] = moments[from]!;
  const where = `task ${task}, ${phase === 0 ? 'free phase' : `phase ${phase} (beta = ${beta})`}, step ${step}, on ${on === 0 ? 'training data' : 'what is replayed'}`;
  return [
    `${trace}: how neurons settled in ${where}`,
    ...courses.map((course) =>
      terminalChart(course.values.subarray(from, from + count), {
        title: `neuron ${course.layer}:${course.unit}, sample ${course.sample}: s`,
        across: 'sweep',
        last: (count - 1) * entry.every,
      }),
    ),
  ].join('\n\n');
}

/** The row where neurons began to settle for the last time; null where there is none. */
function lastSettling(
  moments: readonly (readonly number[])[],
  isWanted: (moment: readonly number[]) => boolean,
): number | null {
  for (let row = moments.length - 1; row >= 0; row--)
    if (moments[row]![4] === 0 && isWanted(moments[row]!)) return row;
  return null;
}

function nowhere(
  neurons: ReadonlyMap<string, NeuronTraceEntry>,
  name: string | undefined,
  words: string | undefined,
): InputError {
  const held = [...neurons].map(([trace, entry]) => `${trace} holds ${neuronsInWords(entry.neurons)}`);
  return new InputError({
    what: `No trace of the run${name === undefined ? '' : ` of the name ${name}`} holds such neurons`,
    got: words ?? 'all',
    legal: held.join('; ') || 'none: the run has recorded no trace of neurons',
  });
}
