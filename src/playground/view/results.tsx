import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Chart } from '../../inspector/page/chart/chart';
import type { Range } from '../../inspector/page/chart/chart-data';
import { shortNumber } from '../../inspector/page/text/numbers';
import { shown } from '../../inspector/page/text/symbols';
import type { Comparison, Course, Estimated, Exact } from '../experiment/outcome';
import type { Settings } from '../experiment/settings';
import { courseChart, furthest, residualChart, scatterChart, sweepChart } from './charts';
import { outcome, running, stopped, stopRun, stopSweep, sweep, sweeping, swept } from './desk';
import { messageOf } from './message';
import { settings, watched } from './played';

/** Shared by the two charts of phases. */
const cursor = signal<number | null>(null);
const range = signal<Range | null>(null);

/** In an exported drawing: of which settings it is. */
const noteOf = ({
  problem,
  estimator,
  beta,
  seed,
  engine,
  penalty,
  freeSteps,
  nudgedSteps,
}: Settings): string =>
  `${problem}, R = ${penalty}, ${estimator}, beta = ${beta}, steps ${freeSteps} + ${nudgedSteps}, seed ${seed}, ${engine}`;

const stemOf = (part: string, { problem, seed }: Settings): string =>
  `playground-${problem}-seed-${seed}-${part}`;

/** How far it has come; nothing else moves while it works. */
export function Working() {
  const progress = running.value;
  if (progress === null) return <div class="working" />;
  return (
    <div class="working">
      <progress max={1} value={Math.min(1, progress.share)} aria-label="Progress" />
      <span>{shown(progress.stage)}</span>
      <button type="button" class="quiet" onClick={stopRun}>
        Stop
      </button>
    </div>
  );
}

/** What ran last, and what came of it. */
export function Results() {
  const now = outcome.value;
  if (now === null) {
    return (
      <p class="hint">
        {stopped.value
          ? 'The first run was stopped before it came to anything.'
          : 'The first run is on its way.'}
      </p>
    );
  }
  const { estimated, broken, exact, judged, error } = now;
  const warnings = estimated?.warnings ?? [];
  return (
    <>
      <Verdict />
      {error !== null && (
        <div class="problem" role="alert">
          <p>{shown(messageOf(error))}</p>
        </div>
      )}
      {estimated !== null && (
        <>
          <Comparisons estimated={estimated} exact={exact} of={now.settings} />
          <Phases course={estimated} of={now.settings} />
          {warnings.length > 0 && (
            <section aria-label="Warnings">
              {warnings.map((words) => (
                <p key={words} class="notice">
                  {shown(words)}
                </p>
              ))}
            </section>
          )}
        </>
      )}
      {broken !== null && <Phases course={broken} of={now.settings} />}
      {judged === null && estimated === null && error === null && (
        <p class="hint">{stopped.value ? 'Stopped.' : 'Working.'}</p>
      )}
    </>
  );
}

const verdictMarks: Readonly<Record<string, string>> = {
  good: '✓',
  biased: '≠',
  noisy: '≈',
  'no equilibrium': '∅',
};

function Verdict() {
  const now = outcome.value!;
  const { judged, estimated, error } = now;
  return (
    <section
      class={`verdict ${judged === null ? '' : `verdict-${judged.verdict.replace(' ', '-')}`}`}
      aria-live="polite"
    >
      <p class="verdict-word">
        {judged === null
          ? error === null
            ? stopped.value
              ? 'No verdict: the run was stopped'
              : 'The verdict is worked out ...'
            : 'No verdict'
          : `${verdictMarks[judged.verdict] ?? ''} ${judged.verdict}`}
      </p>
      {judged !== null && <p>{sentence(shown(judged.because))}</p>}
      {estimated !== null && (
        <p class="machine">
          Ran on {estimated.device}
          {now.settings.engine === 'gpujs' ? '' : ', in one thread'}: {Math.round(estimated.milliseconds)} ms
          for the phases
          {reportInWords(estimated.report)}. Loss at the end of the free phase:{' '}
          {shortNumber(estimated.loss.train)} training, {shortNumber(estimated.loss.heldOut)} held out.
        </p>
      )}
    </section>
  );
}

/** With a capital, and a full stop. */
const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

const reportInWords = (report: Estimated['report']): string => {
  const words = Object.entries(report).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? '' : ` (the engine reports ${words.join(', ')})`;
};

function Comparisons({
  estimated,
  exact,
  of,
}: {
  readonly estimated: Estimated;
  readonly exact: Exact | null;
  readonly of: Settings;
}) {
  const variables = Object.keys(estimated.metaGradient);
  const charts = useMemo(
    () =>
      exact === null || exact.refused !== null
        ? []
        : variables.map((name) => [name, scatterChart(name, estimated, exact)] as const),
    [estimated, exact],
  );
  if (exact === null) {
    return (
      <p class="hint tall">
        {stopped.value
          ? 'The run was stopped before its exact meta-gradient was worked out.'
          : 'The exact meta-gradient is worked out ...'}
      </p>
    );
  }
  if (exact.refused !== null) {
    return (
      <section aria-label="Exact meta-gradient">
        <h2>There is no exact meta-gradient here</h2>
        <p class="notice">{exact.refused}</p>
        <EstimateSizes estimated={estimated} />
      </section>
    );
  }
  const watch = (name: string, x: number) => {
    const synapse = exact.metaGradient[name]!.indexOf(x);
    if (synapse < 0) return;
    const before = watched.value.length > 0 ? watched.value : [];
    watched.go(before.includes(synapse) ? before : [...before.slice(-5), synapse]);
  };
  return (
    <section aria-label="Estimate and exact meta-gradient">
      <h2>The estimate beside the exact meta-gradient</h2>
      <div class="numbers">
        <table>
          <thead>
            <tr>
              <th scope="col">gradient by</th>
              <th scope="col">relative error</th>
              <th scope="col">cosine</th>
              <th scope="col">norm, of exact</th>
            </tr>
          </thead>
          <tbody>
            {variables.map((name) => (
              <ComparisonRow key={name} name={shown(name)} {...exact.comparisons[name]!} />
            ))}
            <ComparisonRow name="all together" {...exact.together} />
          </tbody>
        </table>
        <p class="hint">
          Exact by the implicit function theorem, in float64, where the free phase ended: Hessian eigenvalues{' '}
          {shortNumber(exact.smallestEigenvalue, 3)} to {shortNumber(exact.largestEigenvalue, 3)}.
        </p>
      </div>
      <div class="side-by-side">
        {charts.map(([name, data]) => (
          <Chart
            key={name}
            title={`dL/d${shown(name)} of each synapse`}
            data={data}
            stem={stemOf(`gradient-${name}`, of)}
            note={noteOf(of)}
            height={240}
            onOpen={(_, x) => watch(name, x)}
            openWords="watch that synapse through the phases"
          />
        ))}
      </div>
    </section>
  );
}

const inPercent = (share: number | null): string =>
  share === null ? 'exact is 0' : `${shortNumber(100 * share, 3)} %`;

const ComparisonRow = ({
  name,
  relativeError,
  cosine,
  normRatio,
}: Comparison & { readonly name: string }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{inPercent(relativeError)}</td>
    <td>{cosine.toFixed(5)}</td>
    <td>{shortNumber(normRatio, 4)}</td>
  </tr>
);

const EstimateSizes = ({ estimated }: { readonly estimated: Estimated }) => (
  <p class="hint">
    The estimate is a number all the same:{' '}
    {Object.entries(estimated.metaGradient)
      .map(([name, values]) => `|dL/d${shown(name)}| = ${shortNumber(Math.hypot(...values), 3)}`)
      .join(', ')}
    . Nothing says what it is worth.
  </p>
);

function Phases({ course: estimated, of }: { readonly course: Course; readonly of: Settings }) {
  const size = estimated.connections.length;
  const chosen = watched.value.filter((synapse) => synapse < size);
  const synapses = chosen.length > 0 ? chosen : furthest(estimated, 4);
  const key = synapses.join();
  const course = useMemo(() => courseChart(estimated, synapses), [estimated, key]);
  const residual = useMemo(() => residualChart(estimated), [estimated]);
  return (
    <section aria-label="Phases">
      <h2>Through the phases</h2>
      <label class="watched">
        Synapses{' '}
        <input
          type="text"
          value={chosen.join(', ')}
          placeholder={`the furthest nudged: ${synapses.join(', ')}`}
          aria-label={`Indices of the synapses shown, 0 to ${size - 1}, with commas between them`}
          onChange={({ currentTarget }) =>
            watched.go(
              [
                ...new Set(
                  currentTarget.value
                    .split(/[\s,]+/)
                    .filter(Boolean)
                    .map(Number),
                ),
              ].filter((synapse) => Number.isInteger(synapse) && synapse >= 0 && synapse < size),
            )
          }
        />{' '}
        of 0 to {size - 1}; or click a point above
      </label>
      <Chart
        title="φ through the free and the nudged phases"
        data={course}
        stem={stemOf('phi', of)}
        note={noteOf(of)}
        cursor={cursor}
        range={range}
      />
      <Chart
        title="Residual: how far each phase is from its equilibrium"
        data={residual}
        stem={stemOf('residual', of)}
        note={noteOf(of)}
        height={160}
        cursor={cursor}
        range={range}
      />
    </section>
  );
}

/** The error by beta, on demand. */
export function BetaSweep() {
  const now = settings.value;
  const latest = swept.value;
  const progress = sweeping.value;
  const names = now.slow.map(({ name }) => name);
  const isOf = latest !== null && sameButBeta(latest.settings, now);
  const data = useMemo(
    () =>
      latest?.sweep == null
        ? null
        : sweepChart(
            latest.sweep,
            latest.settings.slow.map(({ name }) => name),
            now.beta,
          ),
    [latest, now.beta, names.join()],
  );
  return (
    <section aria-label="Error by beta">
      <h2>The error by β</h2>
      <p class="tools">
        <button type="button" onClick={() => sweep(now)} disabled={progress !== null}>
          {latest === null ? 'Work it out' : 'Work it out again'}
        </button>
        {progress !== null && (
          <>
            <progress
              max={1}
              value={Math.min(1, progress.share)}
              aria-label="Progress of the error by beta"
            />
            <button type="button" class="quiet" onClick={stopSweep}>
              Stop
            </button>
          </>
        )}
        {latest !== null && !isOf && progress === null && (
          <span class="hint">It is of earlier settings.</span>
        )}
        {latest === null && progress === null && (
          <span class="hint">The same estimator at 16 strengths of β from 0.0001 to 10.</span>
        )}
      </p>
      {latest?.error && <p class="notice">{messageOf(latest.error)}</p>}
      {latest?.sweep?.refused && <p class="notice">{latest.sweep.refused}</p>}
      {latest?.sweep?.divergedAt != null && (
        <p class="notice">
          The phase nudged by β = {shortNumber(latest.sweep.divergedAt, 3)} left every bound, so that there
          are no points from there on.
        </p>
      )}
      {data !== null && data.series[0]!.x.length > 0 && (
        <Chart
          title="Relative error of the estimate"
          data={data}
          stem={stemOf('error-by-beta', latest!.settings)}
          note={noteOf(latest!.settings)}
          height={240}
        />
      )}
    </section>
  );
}

const sameButBeta = (a: Settings, b: Settings): boolean =>
  JSON.stringify({ ...a, beta: Math.sign(a.beta) }) === JSON.stringify({ ...b, beta: Math.sign(b.beta) });
