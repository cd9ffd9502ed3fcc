import { signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunRow, TraceInfo } from '../../protocol/runs';
import type { Timeline } from '../../protocol/traces';
import { addressOf } from '../api/ask';
import { Loading } from '../api/loading';
import { ProblemView } from '../api/problem-view';
import { useAnswer } from '../api/use-answer';
import { Chart } from '../chart/chart';
import type { Range } from '../chart/chart-data';
import { Link } from '../state/link';
import { row as rowOf, state, trace as traceOf, view } from '../state/state';
import { roomAround, useWindow } from '../table/use-window';
import { fileStem } from '../text/file-name';
import { counted, shortNumber } from '../text/numbers';
import {
  phaseChart,
  phaseWords,
  type Standing,
  standingOf,
  type Tolerances,
  taskWords,
  tolerancesOf,
} from './phases';
import { type ShownSpan, shownSpans } from './shown-spans';
import { TracePicker } from './trace-picker';

/** More spans could not be distinguished on a screen. */
const most = 1500;

interface ClockProps {
  readonly row: RunRow;
  readonly traces: readonly TraceInfo[];
  readonly version: string;
}

/** Tasks and their phases as the clock ran them, how far each came, and which did not converge. */
export function ClockTab({ row, traces, version }: ClockProps) {
  // What is recorded at meta-updates alone has no phases.
  const timed = traces.filter(({ at }) => at !== 'meta-update');
  const trace = timed.find(({ name }) => name === traceOf.value) ?? timed[0];
  const range = useSignal<Range | null>(null);
  const window = useSettled(range.value, 150);
  const to = window === null ? Number.POSITIVE_INFINITY : Math.ceil(window[1]) + 1;
  const address =
    trace === undefined
      ? null
      : addressOf('timeline', {
          id: row.id,
          trace: trace.name,
          most,
          // The row behind says whether the last phase ends with the window.
          ...(window === null ? {} : { from: Math.max(0, Math.floor(window[0])), to: to + 1 }),
        });
  const answer = useAnswer<Timeline>(address, version);
  const tolerances = useMemo(
    () => tolerancesOf(row.settings, trace?.name ?? ''),
    [row.settings, trace?.name],
  );
  const isOver = row.state === 'finished' || trace?.at === 'phase-end';
  const timeline = answer.value;
  const spans = useMemo(
    () => (timeline === undefined ? undefined : shownSpans(timeline, to, isOver)),
    [timeline, to, isOver],
  );
  const charts = useMemo(
    () =>
      spans === undefined
        ? null
        : {
            residual: phaseChart(spans, tolerances, 'residual'),
            steps: phaseChart(spans, tolerances, 'steps'),
          },
    [spans, tolerances],
  );
  if (trace === undefined) {
    return (
      <p class="hint">
        {traces.length === 0
          ? 'This run has recorded no trace, and so keeps nothing of when its phases were.'
          : 'Its traces were recorded at meta-updates alone, and so have no phases.'}
      </p>
    );
  }
  const open = (at: number) =>
    state.go([view.to('synapses'), traceOf.to(trace.name), rowOf.to(Math.round(at))]);
  const residuals = spans?.some(({ residual }) => residual !== null) ?? false;
  const stem = fileStem(row.id, trace.name);
  return (
    <>
      <div class="tools">
        <TracePicker traces={timed} shown={trace} />
        {answer.value !== undefined && (
          <span class="count">
            {counted(answer.value.rows, 'row')},{' '}
            {counted(spans?.length ?? 0, answer.value.merged ? 'span' : 'phase')}
            {answer.value.merged && ', each of several phases: zoom in for single ones'}
          </span>
        )}
      </div>
      {answer.problem !== undefined && <ProblemView problem={answer.problem} again={answer.again} />}
      {answer.value === undefined && answer.loading && <Loading what="the timeline" />}
      {charts !== null && spans !== undefined && (
        <>
          <p class="clock-words">{wordsOf(spans, tolerances, residuals)}</p>
          {residuals && (
            <Chart
              title="Residual at the end of each phase"
              data={charts.residual}
              stem={`${stem}-residuals`}
              note={row.command ?? row.id}
              height={230}
              cursor={cursor}
              range={range}
              onOpen={(_, x) => open(x)}
              openWords="see the synapses at that row"
            />
          )}
          <Chart
            title="Inner steps of each phase"
            data={charts.steps}
            stem={`${stem}-steps`}
            note={row.command ?? row.id}
            height={150}
            cursor={cursor}
            range={range}
            onOpen={(_, x) => open(x)}
            openWords="see the synapses at that row"
          />
          <Phases spans={spans} tolerances={tolerances} trace={trace} />
        </>
      )}
    </>
  );
}

const cursor = signal<number | null>(null);

/** The last value once it has stood for a moment. */
function useSettled<T>(value: T, wait: number): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}

function wordsOf(spans: readonly ShownSpan[], tolerances: Tolerances, residuals: boolean): string {
  if (!residuals)
    return 'This run recorded no residuals with its trace, so that it cannot be said here which phases converged.';
  if (tolerances.free === null && tolerances.nudged === null) {
    return 'Phases end by their budget of steps; their ends are not claimed to be equilibria.';
  }
  const bad = spans.filter((span) => standingOf(span, tolerances) === 'unconverged').length;
  return bad === 0
    ? spans.at(-1)?.isWhole === false
      ? 'All phases shown came to their tolerance; the last one goes on behind the rows shown.'
      : 'All phases shown came to their tolerance.'
    : `${counted(bad, 'phase')} of those shown did not come to ${bad === 1 ? 'its' : 'their'} tolerance.`;
}

const rowHeight = 24;
const marks: Readonly<Record<Standing, string>> = {
  converged: 'converged',
  unconverged: 'not converged',
  unknown: '–',
};

function Phases({
  spans,
  tolerances,
  trace,
}: {
  spans: readonly ShownSpan[];
  tolerances: Tolerances;
  trace: TraceInfo;
}) {
  const [onlyBad, setOnlyBad] = useState(false);
  const list = onlyBad ? spans.filter((span) => standingOf(span, tolerances) === 'unconverged') : spans;
  const { first, end, before, after, box } = useWindow<HTMLDivElement>(list.length, rowHeight);
  return (
    <section class="phases">
      <div class="tools">
        <h2>Phases</h2>
        <label>
          <input
            type="checkbox"
            checked={onlyBad}
            onChange={({ currentTarget }) => setOnlyBad(currentTarget.checked)}
          />
          only those not converged
        </label>
      </div>
      <div class="number-table" ref={box}>
        <table aria-label="Phases" aria-rowcount={list.length + 1}>
          <thead>
            <tr>
              {['task', 'phase', 'steps', 'residual', '', 'last row'].map((name) => (
                <th key={name} scope="col">
                  {name === '' ? <span class="unseen">standing</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody class="windowed" style={roomAround(before, after)}>
            {list.slice(first, end).map((span, i) => {
              const standing = standingOf(span, tolerances);
              return (
                <tr key={span.firstRow} aria-rowindex={first + i + 2}>
                  <td>{taskWords(span)}</td>
                  <td>{phaseWords(span)}</td>
                  <td>{span.phase === -1 ? '' : `${span.steps}${span.isWhole ? '' : ' so far'}`}</td>
                  <td>{span.residual === null || !span.isWhole ? '–' : shortNumber(span.residual, 3)}</td>
                  <td class={standing === 'unconverged' ? 'wrong' : undefined}>{marks[standing]}</td>
                  <td>
                    <Link to={[view.to('synapses'), traceOf.to(trace.name), rowOf.to(span.endRow - 1)]}>
                      row {span.endRow - 1}
                    </Link>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
