import { useEffect, useRef } from 'preact/hooks';
import { runs } from '../../run-list/store';
import { row, state } from '../../state/state';
import { counted, shortNumber } from '../../text/numbers';
import { follow, goToRow, speed } from '../state';
import type { WatchedTrace } from '../watched-trace';
import { PhaseStrips } from './phase-strips';
import { metaUpdateFrom, phaseInWords, rowAfterStep, type Stride } from './phases';
import { rowAtTime, speeds } from './playback';
import { playing } from './playing';

/** Where in the trace the maps are: rows are moments of the run. */
export function Scrubber({ watched }: { readonly watched: WatchedTrace }) {
  const { rows, row: wanted, shown, source } = watched;
  const last = Math.max(0, rows.value - 1);
  const steps = useRef(0);

  async function step(stride: Stride, way: 1 | -1) {
    playing.value = false;
    const from = wanted.peek();
    // A step that waits for an answer is forgotten where another was made meanwhile.
    const turn = ++steps.current;
    const known = await source.phases(from, (found) => rowAfterStep(found, from, stride, way) !== null);
    const to = rowAfterStep(known, from, stride, way);
    if (turn === steps.current) goToRow(to ?? (way > 0 ? last : 0));
  }
  async function update(way: 1 | -1) {
    playing.value = false;
    const from = wanted.peek();
    const known = await source.phases(from, (found) => metaUpdateFrom(found, from, way) !== null);
    const to = metaUpdateFrom(known, from, way);
    if (to !== null) goToRow(to);
  }
  const stepRow = (to: number) => {
    playing.value = false;
    steps.current++;
    goToRow(Math.min(last, Math.max(0, to)));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const way = event.key === 'ArrowRight' || event.key === 'ArrowUp' ? 1 : -1;
    if (event.key.startsWith('Arrow')) {
      if (event.altKey || event.metaKey) return;
      if (event.ctrlKey) void step('task', way);
      else if (event.shiftKey) void step('phase', way);
      else stepRow(wanted.peek() + way);
    } else if (event.key === ' ') playing.value = !playing.value;
    else if (event.key === 'PageUp' || event.key === 'PageDown')
      stepRow(wanted.peek() + (event.key === 'PageUp' ? -1 : 1) * Math.max(1, Math.round(last / 10)));
    else return;
    event.preventDefault();
  };
  usePlay(watched);

  const moment = shown.value?.moment ?? null;
  const words = moment === null ? '' : momentInWords(moment, watched.info.at);
  const runState = runs.value.get(watched.id)?.state ?? 'finished';
  return (
    <section class="scrubber" aria-label="Moment of the run">
      <div class="scrubber-line">
        <span class="scrubber-buttons">
          <Button
            words="To the task before (Ctrl ←)"
            path="M4 3v10M13 3L7 8l6 5z"
            onClick={() => step('task', -1)}
          />
          <Button
            words="To the phase before (Shift ←)"
            path="M13 3L8 8l5 5zM8 3L3 8l5 5z"
            onClick={() => step('phase', -1)}
          />
          <Button
            words="To the row before (←)"
            path="M11 3L5 8l6 5z"
            onClick={() => stepRow(wanted.peek() - 1)}
          />
          <button
            type="button"
            class="scrubber-play"
            aria-pressed={playing.value}
            aria-label={playing.value ? 'Stop' : 'Play'}
            disabled={last === 0}
            onClick={() => {
              playing.value = !playing.value;
            }}
          >
            {playing.value ? 'Stop' : 'Play'}
          </button>
          <Button
            words="To the next row (→)"
            path="M5 3l6 5-6 5z"
            onClick={() => stepRow(wanted.peek() + 1)}
          />
          <Button
            words="To the next phase (Shift →)"
            path="M3 3l5 5-5 5zM8 3l5 5-5 5z"
            onClick={() => step('phase', 1)}
          />
          <Button
            words="To the next task (Ctrl →)"
            path="M12 3v10M3 3l6 5-6 5z"
            onClick={() => step('task', 1)}
          />
        </span>
        <label class="choice">
          <span class="unseen">Rows a second</span>
          <select
            value={String(speed.value)}
            onChange={({ currentTarget }) => state.slide([speed.to(Number(currentTarget.value))])}
          >
            {[...new Set([...speeds, speed.value])].map((each) => (
              <option key={each} value={String(each)} selected={each === speed.value}>
                {counted(each, 'row')}/s
              </option>
            ))}
          </select>
        </label>
        <p class="scrubber-words">
          <span>
            row <b class="mono">{(shown.value?.row ?? wanted.value).toLocaleString('en')}</b> of{' '}
            {rows.value.toLocaleString('en')}
          </span>
          {words !== '' && <span>{words}</span>}
        </p>
        <label class="check" title="Go to each new row as the run records it">
          <input
            type="checkbox"
            checked={follow.value}
            onChange={({ currentTarget }) => state.slide([follow.to(currentTarget.checked)])}
          />{' '}
          follow the end{runState === 'finished' ? '' : ` (${runState})`}
        </label>
      </div>
      {/* Half a row in from both ends, so that the thumb stands above the middle of its row's band. */}
      <div style={{ paddingInline: `calc((100% - 12px) / ${2 * Math.max(1, rows.value)})` }}>
        <input
          type="range"
          class="scrubber-range"
          min={0}
          max={last}
          step={1}
          value={wanted.value}
          aria-label="Row"
          aria-valuetext={`row ${wanted.value} of ${rows.value}${words === '' ? '' : `, ${words}`}`}
          title="Arrows: a row; with Shift: a phase; with Ctrl: a task; Home, End; Space plays"
          onInput={({ currentTarget }) => {
            playing.value = false;
            steps.current++;
            goToRow(Number(currentTarget.value));
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <PhaseStrips watched={watched} onUpdate={update} />
    </section>
  );
}

interface ButtonProps {
  readonly words: string;
  /** Drawn in 16 by 16. */
  readonly path: string;
  readonly onClick: () => void;
}

const Button = ({ words, path, onClick }: ButtonProps) => (
  <button type="button" class="quiet" aria-label={words} title={words} onClick={onClick}>
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  </button>
);

/** Goes on through the rows, by the clock: where a frame takes long, rows are left out. */
function usePlay({ rows, row: wanted }: WatchedTrace) {
  const now = playing.value;
  const rate = speed.value;
  useEffect(() => {
    if (!now) return;
    const last = rows.peek() - 1;
    const film = { began: performance.now(), row: wanted.peek() >= last ? 0 : wanted.peek(), speed: rate };
    let frame = requestAnimationFrame(function show(time) {
      const { row: at, ended } = rowAtTime(film, time, rows.peek());
      state.slide([row.to(at), follow.to(false)]);
      if (ended) playing.value = false;
      else frame = requestAnimationFrame(show);
    });
    return () => cancelAnimationFrame(frame);
  }, [now, rate, rows, wanted]);
  useEffect(
    () => () => {
      playing.value = false;
    },
    [],
  );
}

/** `task 3 · nudged, β = 0.1 · step 45 · residual 3e-7` */
function momentInWords(
  { task, phase, beta, step, residual }: NonNullable<NonNullable<WatchedTrace['shown']['value']>['moment']>,
  at: WatchedTrace['info']['at'],
): string {
  const parts = [`task ${task}`, phaseInWords({ phase, beta })];
  if (phase >= 0) {
    parts.push(
      `${at === 'phase-end' ? 'after ' : 'step '}${step.toLocaleString('en')}${at === 'phase-end' ? ' steps' : ''}`,
    );
    if (residual !== null) parts.push(`residual ${shortNumber(residual, 2)}`);
  }
  return parts.join(' · ');
}
