import { type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { RunRow, SettlingInfo, TraceInfo } from '../../protocol/runs';
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

/** Units of one chart; more cannot be distinguished. */
const mostUnits = 64;
const most = 4000;

interface NeuronsProps {
  readonly row: RunRow;
  readonly traces: readonly TraceInfo[];
  readonly settling: readonly SettlingInfo[];
  readonly version: string;
}

/** What neurons have of their own: gain and threshold, task by task; and which traces have them settle. */
export function NeuronsTab({ settling, ...props }: NeuronsProps) {
  if (settling.length === 0) return <LearnedByNeurons {...props} />;
  return (
    <>
      <Settling row={props.row} settling={settling} />
      {props.traces.some((trace) => neuronBlocks(trace).length > 0) && <LearnedByNeurons {...props} />}
    </>
  );
}

/** How neurons settle is charted by the command line. */
function Settling({ row, settling }: Pick<NeuronsProps, 'row' | 'settling'>) {
  return settling.map(({ name, neurons, samples, every }) => (
    <p key={name} class="hint">
      Trace <code>{name}</code> has the states of neurons {neurons} as they settle, in{' '}
      {counted(samples, 'sample')}, {every === 1 ? 'at each sweep' : `every ${every} sweeps`}. Charts of them:{' '}
      <code>
        npx metaplast trace {row.id} --neuron {neurons.split(/[-,]/)[0]}
      </code>
    </p>
  ));
}

function LearnedByNeurons({ row, traces, version }: Omit<NeuronsProps, 'settling'>) {
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
  const variable =
    trace === undefined
      ? ''
      : trace.variables.includes(variableOf.value)
        ? variableOf.value
        : trace.variables[0]!;
  const timeline = useAnswer<Timeline>(
    trace === undefined ? null : addressOf('timeline', { id: row.id, trace: trace.name, most }),
    version,
  );
  if (trace === undefined) {
    return (
      <p class="hint">
        {traces.length === 0 ? (
          'This run has recorded no trace.'
        ) : (
          <>
            No trace of this run has gain or threshold of neurons: its model has none, or they were not
            watched. Those of <code>npx metaplast run sinusoid --set method=modulation</code> have them.
          </>
        )}
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
      {timeline.problem !== undefined && <ProblemView problem={timeline.problem} again={timeline.again} />}
      {timeline.value === undefined && timeline.loading && <Loading what="the tasks" />}
      <div class="multiples">
        {timeline.value !== undefined &&
          blocks.map((block, i) => (
            <Block
              key={`${block.layer} ${block.parameter}`}
              row={row}
              trace={trace.name}
              block={block}
              of={whole[i]!.units.length}
              spans={timeline.value!.spans}
              variable={variable}
              cursor={cursor}
              version={version}
            />
          ))}
      </div>
    </>
  );
}

interface BlockProps {
  readonly row: RunRow;
  readonly trace: string;
  readonly block: NeuronBlock;
  /** How many units the layer has in the trace. */
  readonly of: number;
  readonly spans: Timeline['spans'];
  readonly variable: string;
  readonly cursor: Signal<number | null>;
  readonly version: string;
}

function Block({ row, trace, block, of, spans, variable, cursor, version }: BlockProps) {
  const columns = block.units.map(({ column }) => column).join(',');
  const { value, problem, loading, again } = useAnswer<Courses>(
    addressOf('course', { id: row.id, trace, variables: variable, columns, most }),
    version,
  );
  const data = useMemo(
    () => (value === undefined ? null : neuronChart(block, value, spans, variable)),
    [block, value, spans, variable],
  );
  const title = `${block.parameter} of layer ${block.layer}`;
  if (problem !== undefined) return <ProblemView problem={problem} again={again} />;
  if (data === null) return loading ? <Loading what={title} /> : null;
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
