import { effect, untracked } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { RunDetails, TraceInfo } from '../../protocol/runs';
import { addressOf } from '../api/ask';
import { Loading } from '../api/loading';
import { ProblemView } from '../api/problem-view';
import { useAnswer } from '../api/use-answer';
import { followAll, progress } from '../run-list/store';
import { synapse, trace } from '../state/state';
import { AccountPanel } from './account/account-panel';
import { Maps } from './heatmap/maps';
import { ReadOut } from './read-out';
import { Scrubber } from './scrubber/scrubber';
import { SynapsePanel } from './synapse/synapse-panel';
import './synapses.css';
import { Toolbar } from './toolbar';
import { watchTrace } from './watched-trace';

/** Heatmaps, traces and accounts of the synapses of one run. */
export function SynapsesView({ id }: { readonly id: string }) {
  useEffect(() => followAll([id]), [id]);
  // A trace that is begun while the run goes on is one more of its names.
  const names = Object.keys(progress.value.get(id)?.traces ?? {}).join(' ');
  const { value, of, problem, again } = useAnswer<RunDetails>(addressOf('run', { id }), names);
  if (problem !== undefined) return <ProblemView problem={problem} again={again} />;
  if (value === undefined || of !== addressOf('run', { id })) return <Loading what="the run" />;
  if (value.traces.length === 0) return <NoTraces details={value} />;
  const info = trace.value === '' ? value.traces[0] : value.traces.find(({ name }) => name === trace.value);
  if (info === undefined) {
    const legal = value.traces.map(({ name }) => name).join(', ');
    const missing = { what: 'The run has no such trace', got: trace.value, legal };
    return <ProblemView problem={missing} />;
  }
  return <Watched key={`${id} ${info.name}`} id={id} info={info} traces={value.traces} />;
}

function NoTraces({ details }: { readonly details: RunDetails }) {
  const { row } = details;
  return (
    <div class="notice">
      <p>
        {row.state === 'running'
          ? 'The run has recorded no synapses yet.'
          : 'The run has recorded no synapses.'}
      </p>
      <p>
        {row.scenario === null ? 'Its scenario' : `The scenario ${row.scenario}`} decides what is recorded, in
        its <code>run</code>:{' '}
        <code>
          {"context.record(simulation, 'synapses', { variables: ['phi'], synapses: 'all', at: 'phase-end' })"}
        </code>
      </p>
    </div>
  );
}

/** Maps of so few synapses need no column of their own. */
const few = 12;

interface WatchedProps {
  readonly id: string;
  readonly info: TraceInfo;
  readonly traces: readonly TraceInfo[];
}

function Watched({ id, info, traces }: WatchedProps) {
  const watched = useMemo(() => watchTrace(id, info), [id, info.name]);
  useEffect(() => watched.stop, [watched]);
  useEffect(
    () =>
      effect(() => {
        const grown = progress.value.get(id)?.traces[info.name] ?? 0;
        untracked(() => {
          if (grown > watched.rows.value) watched.rows.value = grown;
        });
      }),
    [watched, id, info.name],
  );
  return (
    <div class="synapses">
      <Toolbar watched={watched} traces={traces} />
      <Scrubber watched={watched} />
      <ReadOut watched={watched} />
      <div class={`synapses-columns${info.synapses <= few || synapse.value === null ? ' synapses-few' : ''}`}>
        <Maps watched={watched} />
        <div class="synapses-side">
          <AccountPanel watched={watched} traces={traces} />
          <SynapsePanel watched={watched} />
        </div>
      </div>
    </div>
  );
}
