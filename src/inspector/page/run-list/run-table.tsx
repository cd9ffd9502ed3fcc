import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { StudyRow } from '../../protocol/runs';
import { Link } from '../state/link';
import { ofOneRun, picked, run, state, view } from '../state/state';
import { roomAround, useWindow } from '../table/use-window';
import { counted } from '../text/numbers';
import { shown } from '../text/symbols';
import type { Column } from './columns';
import type { Line } from './list';
import { all as everyRun, isPicked, picksAll, withPicks } from './picks';
import { openStudies, sort } from './runs-state';
import { columns, layout, lines, matching, order } from './selection';
import { StateMark } from './state-mark';

const rowHeight = 26;

/** The table of runs and studies, of which the lines in sight are drawn. Up and down move, Space picks, Enter opens. */
export function RunTable() {
  const list = lines.value;
  const [active, setActive] = useState<string | null>(null);
  const { first, end, before, after, box, show } = useWindow<HTMLDivElement>(list.length, rowHeight);
  const anchor = useRef<{ id: string; off: number } | null>(null);
  const lastPicked = useRef<string | null>(null);
  const wanted = useRef<string | null>(null);
  const isOn = isPicked(picked.value);
  const at = list.findIndex(({ id }) => id === active);

  // What comes in above must not push away what is being looked at.
  useLayoutEffect(() => {
    const element = box.current!;
    const place = anchor.current === null ? -1 : list.findIndex(({ id }) => id === anchor.current!.id);
    if (place > 0) element.scrollTop = place * rowHeight + anchor.current!.off;
  }, [list, box]);
  const remember = () => {
    const top = box.current!.scrollTop;
    const line = list[Math.floor(top / rowHeight)];
    anchor.current = top === 0 || line === undefined ? null : { id: line.id, off: top % rowHeight };
  };
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = box.current!.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(wanted.current)}"]`);
    if (row === null) return;
    row.focus({ preventScroll: true });
    wanted.current = null;
  });

  const focus = (place: number) => {
    const line = list[Math.min(list.length - 1, Math.max(0, place))];
    if (line === undefined) return;
    wanted.current = line.id;
    show(list.indexOf(line));
    remember();
    setActive(line.id);
  };
  const pick = (line: Line, on: boolean, through: boolean) => {
    const from = through ? list.findIndex(({ id }) => id === lastPicked.current) : -1;
    const to = list.indexOf(line);
    const part = from === -1 ? [line] : list.slice(Math.min(from, to), Math.max(from, to) + 1);
    picked.slide(withPicks(picked.value, part.flatMap(idsOf), on));
    lastPicked.current = line.id;
  };
  const open = (line: Line) => {
    if (line.kind === 'study') fold(line.id);
    else state.go([view.to('run'), run.to(line.id), ...ofOneRun]);
  };
  const fold = (id: string) => {
    const set = new Set(openStudies.value);
    if (!set.delete(id)) set.add(id);
    openStudies.slide([...set]);
  };
  const isAll = (line: Line) => {
    const ids = idsOf(line);
    return ids.length > 0 && ids.every(isOn);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const line = list[at];
    const page = Math.max(1, Math.floor(box.current!.clientHeight / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: list.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      if (event.shiftKey && line !== undefined) {
        const next = list[Math.min(list.length - 1, Math.max(0, to))]!;
        lastPicked.current ??= line.id;
        pick(line, true, false);
        pick(next, true, true);
      }
      focus(to);
    } else if (event.key === ' ' && line !== undefined) pick(line, !isAll(line), event.shiftKey);
    else if (event.key === 'Enter' && line !== undefined) open(line);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) pickAll(true);
    else if (event.key === 'Escape') pickAll(false);
    else if (
      line?.kind === 'study' &&
      (event.key === 'ArrowRight') !== line.open &&
      /^Arrow(Left|Right)$/.test(event.key)
    ) {
      fold(line.id);
    } else return;
    event.preventDefault();
  };
  const everything = picksAll(picked.value);
  const shownColumns = columns.value;
  const detail = list[at];
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows inside it */}
      <div class="run-table" ref={box} onScroll={remember} onKeyDown={onKeyDown}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are picked and walked along
          role="grid"
          aria-label="Runs and studies"
          aria-rowcount={list.length + 1}
          aria-multiselectable="true"
          style={{ width: `calc(30px + ${widthOf(shownColumns)})` }}
        >
          <colgroup>
            <col class="pick" />
            {shownColumns.map((column) => (
              <col key={column.key} style={{ width: `calc(${widthOf([column])})` }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th class="pick">
                <input
                  type="checkbox"
                  aria-label="Pick all that the filter lets through"
                  checked={everything}
                  onChange={({ currentTarget }) => pickAll(currentTarget.checked)}
                />
              </th>
              {shownColumns.map((column) => (
                <Head key={column.key} column={column} numeric={layout(column).numeric} />
              ))}
            </tr>
          </thead>
          <tbody class="windowed" style={roomAround(before, after)}>
            {list.slice(first, end).map((line, i) => {
              const on = isAll(line);
              return (
                <tr
                  key={`${line.kind} ${line.id}`}
                  data-id={line.id}
                  tabIndex={line.id === active || (at === -1 && first + i === 0) ? 0 : -1}
                  aria-rowindex={first + i + 2}
                  aria-selected={on}
                  aria-expanded={line.kind === 'study' ? line.open : undefined}
                  class={line.kind === 'run' && line.trial ? 'trial' : undefined}
                  onFocus={({ target, currentTarget }) => {
                    if (target === currentTarget || active === null) setActive(line.id);
                  }}
                >
                  <td class="pick">
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={`Pick ${line.id}`}
                      checked={on}
                      onClick={(event) => pick(line, event.currentTarget.checked, event.shiftKey)}
                    />
                  </td>
                  {line.kind === 'study' ? (
                    <StudyCells line={line} span={shownColumns.length} fold={() => fold(line.id)} />
                  ) : (
                    <RunCells line={line} columns={shownColumns} />
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="run-detail">
        {detail === undefined ? (
          <span class="hint">Up and down move, Space picks, Enter opens, Ctrl A picks all, Escape none.</span>
        ) : (
          <Detail line={detail} />
        )}
      </p>
    </>
  );
}

/** Of columns beside each other, with the room between them, and before a state for its mark. */
function widthOf(shownColumns: readonly Column[]): string {
  const characters = shownColumns.reduce((sum, column) => sum + layout(column).width, 0);
  const pixels = shownColumns.reduce((sum, { key }) => sum + (key === 'state' ? 32 : 18), 0);
  return `${characters}ch + ${pixels}px`;
}

const pickAll = (on: boolean) => picked.slide(on ? [everyRun] : []);

const idsOf = (line: Line): readonly string[] =>
  line.kind === 'run' ? [line.id] : line.trials.map(({ id }) => id);

function Head({ column: { key, name }, numeric }: { column: Column; numeric: boolean }) {
  const { column, descending } = order.value;
  const sorted = column.key === key;
  return (
    <th
      scope="col"
      class={numeric ? 'number' : undefined}
      aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        class="quiet"
        title={`Sort by ${name}`}
        onClick={() => sort.slide(sorted && !descending ? `-${key}` : key)}
      >
        {shown(name)}
        <span class="arrow" aria-hidden="true">
          {sorted ? (descending ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  );
}

/** Of a run that cannot be read, what is wrong stands where its settings would. */
function RunCells({ line, columns: all }: { line: Line & { kind: 'run' }; columns: readonly Column[] }) {
  const { scenario, problem } = line.row;
  const unread = scenario === null && problem !== null;
  const own = unread ? all.slice(0, 2) : all;
  return (
    <>
      {own.map((column) => (
        <RunCell key={column.key} column={column} numeric={layout(column).numeric} line={line} />
      ))}
      {unread && (
        <td class="wrong" colSpan={all.length - own.length} title={problem}>
          {problem}
        </td>
      )}
    </>
  );
}

interface RunCellProps {
  readonly column: Column;
  readonly numeric: boolean;
  readonly line: Line & { readonly kind: 'run' };
}

function RunCell({ column: { key, of, words }, numeric, line }: RunCellProps) {
  const { row } = line;
  if (key === 'id') {
    return (
      <td class="name" title={row.id}>
        <Link to={[view.to('run'), run.to(row.id), ...ofOneRun]} tabIndex={-1}>
          {line.trial ? row.id.split('/').slice(-2).join('/') : row.id}
        </Link>
      </td>
    );
  }
  if (key === 'state') {
    return (
      <td>
        <StateMark state={row.state} />
      </td>
    );
  }
  const value = of(row);
  return (
    <td
      class={numeric ? 'number' : undefined}
      title={typeof value === 'boolean' ? undefined : String(value ?? 'none')}
    >
      {words(value)}
    </td>
  );
}

function StudyCells({
  line,
  span,
  fold,
}: {
  line: Line & { kind: 'study' };
  span: number;
  fold: () => void;
}) {
  const { study, open, trials } = line;
  return (
    <td colSpan={span} class="study-cell" title={study.id}>
      <button
        type="button"
        class="quiet fold"
        tabIndex={-1}
        aria-label={`${open ? 'Fold' : 'Unfold'} ${study.id}`}
        onClick={fold}
      >
        {open ? '▾' : '▸'}
      </button>
      <strong>{study.id}</strong>
      <span class="study-kind">
        {study.kind} of {study.scenario ?? 'an unknown scenario'}
      </span>
      <span>
        {trials.length === study.trials
          ? counted(study.trials, 'trial')
          : `${trials.length} of ${counted(study.trials, 'trial')} shown`}
      </span>
      <span class="study-standing">{standingOf(study)}</span>
      {study.problem !== null && <span class="wrong">{study.problem}</span>}
    </td>
  );
}

const standingOf = ({ standing }: StudyRow) =>
  Object.entries(standing)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

/** All of what a line may have had no room for. */
function Detail({ line }: { line: Line }) {
  const { problem, command } = line.kind === 'run' ? line.row : line.study;
  return (
    <>
      <strong>{line.id}</strong>
      {problem !== null && <span class="wrong"> {problem}</span>}
      {command !== null && <code> {command}</code>}
    </>
  );
}

export const pickedWords = (count: number) =>
  `${counted(count, 'run')} picked${picksAll(picked.value) ? `, all ${matching.value.length} that the filter lets through` : ''}`;
