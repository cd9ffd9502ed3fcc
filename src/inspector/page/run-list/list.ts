import type { Cell, RunRow, StudyRow } from '../../protocol/runs';
import type { Column } from './columns';

/** A line of the table: a run, or a study that its trials are folded into. */
export type Line =
  | { readonly kind: 'run'; readonly id: string; readonly row: RunRow; readonly trial: boolean }
  | {
      readonly kind: 'study';
      readonly id: string;
      readonly study: StudyRow;
      readonly open: boolean;
      /** Its trials that the filter lets through. */
      readonly trials: readonly RunRow[];
    };

interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

export interface ListOptions {
  readonly matches: (row: RunRow) => boolean;
  /** Whether anything is filtered: a study without a trial that matches is left out then. */
  readonly filtered: boolean;
  readonly order: Order;
  readonly open: ReadonlySet<string>;
}

/** Lines in their order: studies, then runs by themselves; trials below their study, where it is open. */
export function linesOf(
  runs: Iterable<RunRow>,
  studies: ReadonlyMap<string, StudyRow>,
  { matches, filtered, order, open }: ListOptions,
): Line[] {
  const alone: RunRow[] = [];
  const trials = new Map<string, RunRow[]>([...studies.keys()].map((id) => [id, []]));
  for (const row of runs) {
    if (!matches(row)) continue;
    const study = row.study === null ? undefined : trials.get(row.study);
    (study ?? alone).push(row);
  }
  const compare = byColumn(order);
  const heads = [...studies.values()]
    .filter(({ id }) => !filtered || trials.get(id)!.length > 0)
    .sort((a, b) => (order.column.key === 'id' && order.descending ? -1 : 1) * compareCells(a.id, b.id));
  return [
    ...heads.flatMap((study): Line[] => {
      const own = trials.get(study.id)!.sort(compare);
      const isOpen = open.has(study.id);
      const head: Line = { kind: 'study', id: study.id, study, open: isOpen, trials: own };
      return isOpen
        ? [head, ...own.map((row): Line => ({ kind: 'run', id: row.id, row, trial: true }))]
        : [head];
    }),
    ...alone.sort(compare).map((row): Line => ({ kind: 'run', id: row.id, row, trial: false })),
  ];
}

function byColumn({ column, descending }: Order): (a: RunRow, b: RunRow) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [first, second] = [column.of(a), column.of(b)];
    // What is missing comes last either way.
    if (first === null || second === null) {
      if (first !== second) return first === null ? 1 : -1;
    }
    return sign * compareCells(first, second) || compareCells(a.id, b.id);
  };
}

const words = new Intl.Collator('en', { numeric: true });

/** Numbers before words; numbers in words by their size: s2 before s10. */
function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return words.compare(String(a), String(b));
}
