import { type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { RunRow, TraceInfo } from '../../protocol/runs';
import type { Courses, Timeline } from '../../protocol/traces';
import { addressOf } from '../api/ask';
import { Loading } from '../api/loading';
import { ProblemView } from '../api/problem-view';
import { useAnswer } from '../api/use-answer';
import { Chart } from '../chart/chart';
import { trace as traceOf, variable as variableOf } from '../state/state';
import { fileStem } from '../text/file-name';
import { counted } from '../text/numbers';
import { shown } from '../text/symbols';
import { type NeuronBlock, neuronBlocks, neuronChart } from './neurons';
import { TracePicker } from './trace-picker';

/** Units of one chart; more cannot be told apart. */
const mostUnits = 64;
const most = 4000;

interface NeuronsProps {
  readonly row: RunRow;
  readonly traces: readonly TraceInfo[];
  readonly version: string;
}

/** What neurons have of their own: gain and threshold, task by task. */
export function NeuronsTab({ row, traces, version }: NeuronsProps) {
  const having = traces.filter((trace) => neuronBlocks(trace).length > 0);
  const trace = having.find(({ name }) => name === traceOf.value) ?? having[0];
  const cursor = useSignal<number | null>(null);
  const blocks = useMemo(
    () =>
      trace === undefined
        ? []
        : neuronBlocks(trace).map((block) => ({ ...block, units: block.units.slice(0, mostUnits) })),
    [trace],
  );
  const columns = blocks.flatMap(({ units }) => units.map(({ column }) => column));
  const variable =
    trace === undefined
      ? ''
      : trace.variables.includes(variableOf.value)
        ? variableOf.value
        : trace.variables[0]!;
  const courses = useAnswer<Courses>(
    trace === undefined
      ? null
      : addressOf('course', {
          id: row.id,
          trace: trace.name,
          variables: variable,
          columns: columns.join(','),
          most,
        }),
    version,
  );
  const timeline = useAnswer<Timeline>(
    trace === undefined ? null : addressOf('timeline', { id: row.id, trace: trace.name, most }),
    version,
  );
  if (trace === undefined) {
    return (
      <p class="hint">
        {traces.length === 0
          ? 'This run has recorded no trace.'
          : 'The neurons of this model have no gain or threshold of their own in the traces: it learns by its synapses alone. Runs of `metaplast run sinusoid --set method=modulation` have them.'}
      </p>
    );
  }
  const whole = neuronBlocks(trace);
  return (
    <>
      <div class="tools">
        <TracePicker traces={having} shown={trace} />
        {trace.variables.length > 1 && (
          <label>
            <span>Variable</span>
            <select value={variable} onChange={({ currentTarget }) => variableOf.slide(currentTarget.value)}>
              {trace.variables.map((name) => (
                <option key={name} value={name}>
                  {shown(name)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {[courses, timeline].map(
        ({ problem, again }, i) =>
          problem !== undefined && (
            <ProblemView key={i === 0 ? 'courses' : 'timeline'} problem={problem} again={again} />
          ),
      )}
      {(courses.value === undefined || timeline.value === undefined) &&
        (courses.loading || timeline.loading) && <Loading what="the neurons" />}
      <div class="multiples">
        {courses.value !== undefined &&
          timeline.value !== undefined &&
          blocks.map((block, i) => (
            <Block
              key={`${block.layer} ${block.parameter}`}
              row={row}
              block={block}
              of={whole[i]!.units.length}
              courses={courses.value!}
              spans={timeline.value!.spans}
              variable={variable}
              cursor={cursor}
            />
          ))}
      </div>
    </>
  );
}

interface BlockProps {
  readonly row: RunRow;
  readonly block: NeuronBlock;
  readonly of: number;
  readonly courses: Courses;
  readonly spans: Timeline['spans'];
  readonly variable: string;
  readonly cursor: Signal<number | null>;
}

function Block({ row, block, of, courses, spans, variable, cursor }: BlockProps) {
  const data = useMemo(() => neuronChart(block, courses, spans, variable), [block, courses, spans, variable]);
  const title = `${block.parameter} of layer ${block.layer}`;
  return (
    <Chart
      title={title}
      data={data}
      stem={fileStem(row.id, title)}
      note={row.command ?? row.id}
      height={190}
      cursor={cursor}
    >
      <span class="hint">
        {of > block.units.length ? `first ${block.units.length} of ${of} units` : counted(of, 'unit')}
        {data.x.label === 'task' && ', at the end of each task'}
      </span>
    </Chart>
  );
}
