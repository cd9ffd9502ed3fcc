import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { RunRow } from '../../protocol/runs';
import type { Curve, Curves } from '../../protocol/traces';
import { addressOf } from '../api/ask';
import { Loading } from '../api/loading';
import { ProblemView } from '../api/problem-view';
import { useAnswer } from '../api/use-answer';
import { Chart } from '../chart/chart';
import type { ChartData, Range } from '../chart/chart-data';
import { seriesColour, seriesDash } from '../colour/series-colours';
import { Menu } from '../shell/menu';
import { fileStem } from '../text/file-name';
import { shown } from '../text/symbols';
import { curvesLog, metrics } from './run-state';

/** Shown where the user has chosen none. */
const first = 9;
/** Points of a curve. */
const most = 2000;
/** Metrics of one request: the server takes no more. */
const asked = 16;

const cursor = signal<number | null>(null);
const range = signal<Range | null>(null);

/** Every metric of the run on axes of its own, under one cursor. */
export function CurvesTab({ row, names, version }: PartProps) {
  const automatic = metrics.value.length === 1 && metrics.value[0] === 'auto';
  const chosen = automatic ? names.slice(0, first) : metrics.value;
  if (names.length === 0) return <p class="hint">This run has recorded no metric yet.</p>;
  const toggle = (name: string) =>
    metrics.slide(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  const parts = Array.from({ length: Math.ceil(chosen.length / asked) }, (_, i) =>
    chosen.slice(i * asked, (i + 1) * asked),
  );
  return (
    <>
      <div class="tools">
        <Menu words={`Metrics: ${chosen.length} of ${names.length}`}>
          <button type="button" onClick={() => metrics.slide(names)}>
            Show all
          </button>
          {names.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
              {shown(name)}
            </label>
          ))}
        </Menu>
        <label>
          <input
            type="checkbox"
            checked={curvesLog.value}
            onChange={({ currentTarget }) => curvesLog.slide(currentTarget.checked)}
          />
          logarithmic
        </label>
      </div>
      <div class="multiples">
        {parts.map((part, i) => (
          <Part key={i} row={row} names={part} version={version} />
        ))}
      </div>
    </>
  );
}

interface PartProps {
  readonly row: RunRow;
  readonly names: readonly string[];
  readonly version: string;
}

/** Metrics of one request. */
function Part({ row, names, version }: PartProps) {
  const { value, problem, loading, again } = useAnswer<Curves>(
    addressOf('curves', { id: row.id, metric: names, most }),
    version,
  );
  return (
    <>
      {problem !== undefined && <ProblemView problem={problem} again={again} />}
      {value === undefined && loading && <Loading what="curves" />}
      {value !== undefined &&
        names.map((name) => <Metric key={name} row={row} name={name} curves={value.curves} />)}
    </>
  );
}

function Metric({ row, name, curves }: { row: RunRow; name: string; curves: readonly Curve[] }) {
  const log = curvesLog.value;
  const data = useMemo((): ChartData => {
    const own = curves.filter(({ metric }) => metric === name);
    return {
      x: { label: own[0]?.by ?? 'line', whole: true },
      y: { label: shown(name), log },
      series: own.map(({ group, x, y }, i) => ({
        id: group ?? name,
        label: group ?? shown(name),
        colour: seriesColour(i),
        dash: seriesDash(i),
        x,
        y,
      })),
    };
  }, [curves, name, log]);
  return (
    <Chart
      title={shown(name)}
      data={data}
      stem={fileStem(row.id, name)}
      note={row.command ?? row.id}
      height={170}
      cursor={cursor}
      range={range}
    />
  );
}
