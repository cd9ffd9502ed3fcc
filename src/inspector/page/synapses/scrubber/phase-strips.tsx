import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Span, Timeline } from '../../../protocol/traces';
import { colourVersion, resolved } from '../../colour/resolve';
import { counted } from '../../text/numbers';
import { goToRow } from '../state';
import type { WatchedTrace } from '../watched-trace';
import { phaseColour, phaseInWords, spanAt } from './phases';

interface PhaseStripsProps {
  readonly watched: WatchedTrace;
  /** To the next meta-update, or the one before. */
  readonly onUpdate: (way: 1 | -1) => void;
}

const mostSpans = 800;
/** Phases to either side of the row, where the whole trace has too many to be seen. */
const around = 12;
/** The whole strip is asked for again once so many milliseconds, while the run goes on. */
const again = 1000;
const rest = 120;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly Span[];
}

/** The phases of the whole trace, as bands; beneath them, where these are too many to be distinguished, those around the row. */
export function PhaseStrips({ watched, onUpdate }: PhaseStripsProps) {
  const whole = useWholeTimeline(watched);
  const near = useNearPhases(watched, whole?.merged === true);
  if (whole === null || whole.spans.length === 0) return <div class="strips" />;
  const tasks = whole.spans.at(-1)!.lastTask - whole.spans[0]!.firstTask + 1;
  const kinds = new Set(whole.spans.map(({ phase }) => (phase !== null && phase > 0 ? 1 : phase)));
  return (
    <div class="strips">
      <Strip watched={watched} stretch={{ from: 0, to: watched.rows.value, spans: whole.spans }} />
      {near !== null && <Strip watched={watched} stretch={near} />}
      <p class="strips-key">
        <span>{counted(tasks, 'task')}</span>
        {([0, 1, -1, null] as const)
          .filter((kind) => kinds.has(kind) || near?.spans.some(({ phase }) => kindOf(phase) === kind))
          .map((kind) => (
            <span key={String(kind)}>
              <i class={`swatch swatch-${kindName(kind)}`} />
              {kindName(kind)}
            </span>
          ))}
        {near !== null && (
          <span>
            beneath: rows {near.from.toLocaleString('en')} to {(near.to - 1).toLocaleString('en')}
          </span>
        )}
        {(kinds.has(-1) || near?.spans.some(({ phase }) => phase === -1)) && (
          <span class="strips-update">
            meta-update:
            <button type="button" class="quiet" onClick={() => onUpdate(-1)}>
              before
            </button>
            <button type="button" class="quiet" onClick={() => onUpdate(1)}>
              next
            </button>
          </span>
        )}
      </p>
    </div>
  );
}

const kindOf = (phase: number | null) => (phase !== null && phase > 0 ? 1 : phase);
const kindName = (kind: number | null) =>
  kind === null ? 'several' : kind === 0 ? 'free' : kind > 0 ? 'nudged' : 'meta-update';

function Strip({ watched, stretch }: { readonly watched: WatchedTrace; readonly stretch: Stretch }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const { from, to, spans } = stretch;
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width)));
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, []);
  const theme = colourVersion.value;
  useEffect(() => {
    const element = canvas.current!;
    const dpr = devicePixelRatio;
    element.width = Math.max(1, Math.round(width * dpr));
    element.height = Math.round(10 * dpr);
    const context = element.getContext('2d')!;
    const across = (row: number) => Math.round(((row - from) / (to - from)) * element.width);
    spans.forEach(({ firstRow, endRow, phase, firstTask }, i) => {
      const [left, right] = [across(Math.max(from, firstRow)), across(Math.min(to, endRow))];
      context.fillStyle = resolved(phaseColour(phase));
      context.fillRect(left, 0, Math.max(1, right - left), element.height);
      if (i > 0 && spans[i - 1]!.lastTask !== firstTask && right - left > 4) {
        context.fillStyle = resolved('var(--ink)');
        context.fillRect(left, 0, 1, element.height);
      }
    });
  }, [spans, from, to, width, theme]);
  useSignalEffect(() => {
    const at = watched.row.value;
    if (line.current === null) return;
    line.current.style.left = `${(100 * (at + 0.5 - from)) / Math.max(1, to - from)}%`;
    line.current.hidden = at < from || at >= to;
  });
  const rowAt = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return Math.min(to - 1, from + Math.floor(part * (to - from)));
  };
  const [words, setWords] = useState('');
  return (
    // The slider above does the same by keys.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      class="strip"
      title={words}
      onClick={(event) => goToRow(rowAt(event))}
      onPointerMove={(event) => {
        const row = rowAt(event);
        const span = spans[spanAt(spans, row)];
        const task =
          span === undefined ? '' : span.firstTask === span.lastTask ? `, task ${span.firstTask}` : '';
        setWords(`row ${row}${task}${span === undefined ? '' : `, ${phaseInWords(span)}`}`);
      }}
    >
      <canvas ref={canvas} />
      <div ref={line} class="strip-line" />
    </div>
  );
}

function useWholeTimeline({ source, rows }: WatchedTrace): Timeline | null {
  const [whole, setWhole] = useState<Timeline | null>(null);
  useEffect(() => {
    let [current, timer, asked] = [true, undefined as ReturnType<typeof setTimeout> | undefined, 0];
    const load = async () => {
      timer = undefined;
      asked = performance.now();
      try {
        const answer = await source.timeline(0, rows.peek(), mostSpans);
        if (current) setWhole(answer);
      } catch {
        // Without bands the slider still works; the row itself says what is wrong.
      }
    };
    const stop = rows.subscribe((count) => {
      if (count > 0)
        timer ??= setTimeout(load, Math.max(0, asked + (asked === 0 ? 0 : again) - performance.now()));
    });
    return () => {
      current = false;
      stop();
      clearTimeout(timer);
    };
  }, [source, rows]);
  return whole;
}

function useNearPhases({ source, row, rows }: WatchedTrace, wanted: boolean): Stretch | null {
  const [near, setNear] = useState<Stretch | null>(null);
  const at = row.value;
  useEffect(() => {
    if (!wanted) {
      setNear(null);
      return;
    }
    let current = true;
    const timer = setTimeout(async () => {
      try {
        const { spans } = await source.phases(at, (known) => {
          const here = spanAt(known.spans, at);
          const enough = (side: number) => side >= around;
          return (
            (enough(here) || known.from === 0) &&
            (enough(known.spans.length - here) || known.to >= rows.peek())
          );
        });
        const here = spanAt(spans, at);
        if (!current || here < 0) return;
        const own = spans.slice(Math.max(0, here - around), here + around + 1);
        setNear({ from: own[0]!.firstRow, to: own.at(-1)!.endRow, spans: own });
      } catch {
        // As above.
      }
    }, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [source, rows, at, wanted]);
  return near;
}
