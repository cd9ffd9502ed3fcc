import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import type { Figure } from '../../plot/figure';
import { connectionInWords } from '../../synapse/topology';
import { type AskedSynapses, columnsOf, describeSynapses, unmatched } from '../../trace/asked-synapses';
import { describeMoments } from '../../trace/probe';
import { type RecordedSynapse, RecordedSynapses } from '../../trace/recorded-synapses';
import { readTraceIndex, type TraceEntry, type TraceIndex } from '../../trace/recorder';
import { endPanels } from './end-figure';
import { stepPanels } from './step-figure';
import { mostLabels, type TraceView } from './trace-view';

export interface AskedFigures {
  /** The run's own directory. */
  readonly directory: string;
  readonly scenario: string;
  /** Its traces, whose rows beyond `shape` are not drawn. Default: what its `traces/index.json` tells, and all rows. */
  readonly index?: TraceIndex;
  /** Called with each trace before it is drawn; throws where it is not to be believed. */
  readonly check?: (entry: TraceEntry) => void;
  readonly asked: readonly AskedSynapses[];
  /** From this trace only. Default: from all that hold such synapses. */
  readonly trace?: string;
  /** What happened in these tasks only. */
  readonly tasks?: readonly [first: number, last: number];
  /** A setting of the scenario that chooses which synapses are recorded, where it has one. */
  readonly chosenBy?: string;
}

/**
 * One or several synapses of a run, drawn from its traces alone: a figure for each trace that holds any of them, a panel for
 * each variable. Traces of steps have the phases shaded; those of phases' ends and of meta-updates go from task to task.
 * @throws InputError where nothing was recorded, no trace holds one of the synapses, or there was no such task; with what is there.
 */
export function synapseFigures({ directory, scenario, asked, ...options }: AskedFigures): Figure[] {
  const folder = join(directory, 'traces');
  const traces = tracesIn(options.index ?? readTraceIndex(folder), options);
  const missing = unmatched(
    asked,
    traces.map(([, { synapses }]) => new RecordedSynapses(synapses)),
  );
  if (missing.length > 0) throw notRecorded(missing, traces, options);
  const names = new Set<string>();
  return traces.flatMap(([name, entry]): Figure[] => {
    const synapses = new RecordedSynapses(entry.synapses);
    const columns = columnsOf(synapses, asked);
    if (columns.length === 0) return [];
    options.check?.(entry);
    const mostRows = options.index === undefined ? undefined : entry.shape[0];
    const view = { folder, name, entry, synapses, columns, tasks: options.tasks, mostRows };
    const { notes, ...drawn } = entry.at === 'step' ? stepPanels(view) : endPanels(view);
    const when = describeMoments(entry.at, 1, entry.every);
    return [
      {
        name: unusedName(figureName(asked, name), names),
        title: `${scenario}: ${synapsesInWords(view, asked)}, ${when}`,
        caption: [`Trace "${name}"${tasksInWords(view)}.`, ...notes, ...labelsInWords(view)].join(' '),
        ...drawn,
      },
    ];
  });
}

function tracesIn(index: TraceIndex, { trace }: Pick<AskedFigures, 'trace'>): [string, TraceEntry][] {
  const all = Object.entries(index);
  const names = Object.keys(index);
  if (all.length === 0) {
    throw new InputError({
      what: 'The run has recorded no trace, so that there is no synapse to draw',
      advice:
        "A scenario records by record(simulation, 'steps', { variables: ['phi'], synapses: [42], at: 'step' }): see docs/howto/plots.md",
    });
  }
  if (trace === undefined) return all;
  const found = all.filter(([name]) => name === trace);
  if (found.length > 0) return found;
  throw new InputError({
    what: 'The run has no such trace',
    got: trace,
    legal: names.join(', '),
    advice: didYouMean(trace, names),
  });
}

function notRecorded(
  missing: readonly AskedSynapses[],
  traces: readonly (readonly [string, TraceEntry])[],
  { chosenBy }: Pick<AskedFigures, 'chosenBy'>,
): InputError {
  const held = traces.map(
    ([name, { synapses }]) => `${name} holds ${describeSynapses(new RecordedSynapses(synapses))}`,
  );
  return new InputError({
    what: `No trace ${traces.length === 1 ? 'that was asked for ' : 'of the run '}holds such a synapse`,
    got: missing.map(({ word }) => word).join(', '),
    legal: held.join('; '),
    advice:
      chosenBy === undefined
        ? undefined
        : `Where the network has it, run the scenario again with --set ${chosenBy}=..., which records it`,
  });
}

function synapsesInWords({ synapses, columns }: TraceView, asked: readonly AskedSynapses[]): string {
  if (columns.length > 6) return `${columns.length} synapses (${asked.map(({ word }) => word).join(', ')})`;
  const chosen = columns.map((column) => synapses.at(column));
  if (chosen.length > 1) return `synapses ${chosen.map(({ index }) => index).join(', ')}`;
  const [synapse] = chosen as [RecordedSynapse];
  return `synapse ${synapse.index} (layer ${synapse.layer}, ${connectionInWords(synapse)})`;
}

function tasksInWords({ tasks }: TraceView): string {
  if (tasks === undefined) return '';
  const [first, last] = tasks;
  return first === last ? `, of task ${first}` : `, of tasks ${first} to ${last}`;
}

function labelsInWords({ columns }: TraceView): string[] {
  if (columns.length <= mostLabels) return [];
  return ['Of the synapses the first and the last are labelled; colours go from dark to light by index.'];
}

/** `synapse-0-bias-7-of-watched`: kebab-case, and other for other words. */
function figureName(asked: readonly AskedSynapses[], trace: string): string {
  const words = asked.map(({ word }) =>
    word
      .replaceAll('-', '-to-')
      .replaceAll('*', 'all')
      .replace(/[^a-zA-Z0-9-]+/g, '-'),
  );
  const joined = words.join('-and-');
  const short =
    joined.length <= 60 ? joined : `list-${createHash('sha256').update(joined).digest('hex').slice(0, 12)}`;
  const raw = `synapse-${short}-of-${trace}`.toLowerCase();
  return raw.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}

/** Two traces may differ in signs that no figure's name has. */
function unusedName(name: string, used: Set<string>): string {
  let free = name;
  for (let i = 2; used.has(free); i++) free = `${name}-${i}`;
  used.add(free);
  return free;
}
