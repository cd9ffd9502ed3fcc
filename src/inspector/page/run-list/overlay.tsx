import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunDetails } from '../../protocol/runs';
import { addressOf, askJson } from '../api/ask';
import { ProblemView } from '../api/problem-view';
import { Chart } from '../chart/chart';
import type { ChartSeries } from '../chart/chart-data';
import { ofOneRun, picked, run, state, view } from '../state/state';
import { fileStem } from '../text/file-name';
import { counted } from '../text/numbers';
import { shown } from '../text/symbols';
import { awaited, cachedCurves, curvesProblem, curvesVersion, needCurves } from './curve-cache';
import { overlayOf } from './curves';
import { type Band, bands, thinningOf } from './group';
import { pickedWords } from './run-table';
import { band, logarithmic, metric } from './runs-state';
import { chosen, differingPaths } from './selection';

const bandWords: Readonly<Record<Band, string>> = {
  interval: 'mean, 95 % interval',
  extent: 'mean, least to largest',
  each: 'each by itself',
};

const mostNotes = 3;
/** So many runs are asked which metrics they have: one of each scenario. */
const mostAsked = 6;

/** The curves of the runs picked, over each other. */
export function RunOverlay() {
  const rows = chosen.value;
  const metrics = useMetrics();
  const name = metrics.includes(metric.value) || metric.value !== '' ? metric.value : (metrics[0] ?? '');
  const shownBand = band.value;
  const thinOf = useMemo(() => thinningOf(rows, shownBand), [rows, shownBand]);
  useEffect(() => {
    if (name !== '' && rows.length > 0) void needCurves(name, rows, thinOf);
  }, [name, rows, thinOf]);
  const version = curvesVersion.value;
  const overlay = useMemo(
    () =>
      overlayOf(rows, (id) => cachedCurves(name, id, thinOf(id)), {
        metric: name,
        band: shownBand,
        log: logarithmic.value,
        differing: differingPaths.value,
      }),
    // The version stands for what the cache holds.
    [rows, name, version, shownBand, thinOf, logarithmic.value, differingPaths.value],
  );
  if (rows.length === 0) return null;
  const onOpen = (series: ChartSeries) => {
    const ids = overlay.runs.get(series.id) ?? [];
    if (ids.length === 1) state.go([view.to('run'), run.to(ids[0]!), ...ofOneRun]);
    else state.go([picked.to(ids), band.to('each')]);
  };
  return (
    <section class="overlay" aria-label="Curves of the runs picked">
      <div class="overlay-tools">
        <label>
          <span>Metric</span>
          <select value={name} onChange={({ currentTarget }) => metric.slide(currentTarget.value)}>
            {[...new Set([...(name === '' ? [] : [name]), ...metrics])].map((each) => (
              <option key={each} value={each}>
                {shown(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Seeds</span>
          <select
            value={band.value}
            onChange={({ currentTarget }) => band.slide(currentTarget.value as Band)}
          >
            {bands.map((each) => (
              <option key={each} value={each}>
                {bandWords[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={logarithmic.value}
            onChange={({ currentTarget }) => logarithmic.slide(currentTarget.checked)}
          />
          logarithmic
        </label>
        <span class="count" role="status">
          {pickedWords(rows.length)}
          {awaited.value > 0 && `; loading ${awaited.value} …`}
        </span>
      </div>
      {curvesProblem.value !== null && (
        <ProblemView problem={curvesProblem.value} again={() => void needCurves(name, rows, thinOf)} />
      )}
      <Chart
        title={name === '' ? 'Curves' : shown(name)}
        data={overlay.data}
        stem={fileStem(rows.length === 1 ? rows[0]!.id : `${rows.length}-runs`, name || 'curves')}
        note={`${counted(rows.length, 'run')}: ${rows
          .slice(0, 3)
          .map(({ id }) => id)
          .join(', ')}${rows.length > 3 ? ', …' : ''}`}
        height={240}
        onOpen={onOpen}
        openWords="open its run, or show the seeds of a mean one by one"
      />
      {overlay.notes.slice(0, mostNotes).map((words) => (
        <p key={words} class="chart-note">
          {words}
        </p>
      ))}
      {overlay.notes.length > mostNotes && (
        <p class="chart-note">And {overlay.notes.length - mostNotes} more of the same kind.</p>
      )}
    </section>
  );
}

/** What the runs picked have recorded, asked of one run of each scenario. */
function useMetrics(): readonly string[] {
  const rows = chosen.value;
  const asked = [
    ...new Map(rows.filter(({ problem }) => problem === null).map((row) => [row.scenario, row.id])).values(),
  ].slice(0, mostAsked);
  const key = asked.join('\n');
  const [metrics, setMetrics] = useState<readonly string[]>([]);
  useEffect(() => {
    if (key === '') return;
    const controller = new AbortController();
    Promise.all(
      key.split('\n').map((id) => askJson<RunDetails>(addressOf('run', { id }), controller.signal)),
    ).then(
      (all) => setMetrics([...new Set(all.flatMap((details) => details.metrics))]),
      // A run that cannot be read says so in its own view; the others' metrics are asked for by name.
      (thrown) => {
        if (!controller.signal.aborted) console.warn(thrown);
      },
    );
    return () => controller.abort();
  }, [key]);
  return metrics;
}
