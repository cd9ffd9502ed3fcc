import { computed } from '@preact/signals';
import type { RunRow } from '../../protocol/runs';
import { picked } from '../state/state';
import {
  type Column,
  changedColumn,
  columnBy,
  differing,
  informative,
  nameColumn,
  ownColumns,
  pathsOf,
  result,
  setting,
} from './columns';
import { filterOf } from './filter';
import { linesOf } from './list';
import { pickedRows } from './picks';
import { columnKeys, filterWords, openStudies, sort } from './runs-state';
import { runs, studies } from './store';
import { type Layout, layoutOf } from './widths';

/** Columns chosen by themselves where the user has chosen none. */
const [mostSettings, mostResults] = [8, 4];

const rows = computed(() => [...runs.value.values()]);

export const settingPaths = computed(() => pathsOf(rows.value, 'settings'));
export const resultPaths = computed(() => pathsOf(rows.value, 'results'));
export const filter = computed(() =>
  filterOf(filterWords.value, [...new Set([...settingPaths.value, ...resultPaths.value])]),
);
export const matching = computed(() => rows.value.filter(filter.value.matches));
export const differingPaths = computed(() => differing(matching.value).filter((path) => path !== 'seed'));

export const automatic = computed(() => columnKeys.value.length === 1 && columnKeys.value[0] === 'auto');
/** Keys of the settings and results shown. */
export const shownKeys = computed(() =>
  automatic.value
    ? [
        ...differingPaths.value.slice(0, mostSettings).map((path) => setting(path).key),
        ...informative(matching.value, mostResults).map((path) => result(path).key),
      ]
    : columnKeys.value.filter((key) => columnBy(key) !== undefined),
);
export const columns = computed(() => [
  nameColumn,
  // What is the same in all says nothing.
  ...ownColumns.filter(
    ({ key, of }) => key === 'state' || key === 'scenario' || new Set(rows.value.map(of)).size > 1,
  ),
  ...shownKeys.value.map((key) => columnBy(key)!),
  changedColumn,
]);

const layouts = new WeakMap<readonly RunRow[], Map<string, Layout>>();

/** Of all runs, whatever the filter: columns must not jump as one types. */
export function layout(column: Column): Layout {
  const known = layouts.get(rows.value) ?? new Map<string, Layout>();
  layouts.set(rows.value, known);
  const made = known.get(column.key) ?? layoutOf(column, rows.value);
  known.set(column.key, made);
  return made;
}

export const order = computed(() => {
  const descending = sort.value.startsWith('-');
  const column = columnBy(descending ? sort.value.slice(1) : sort.value);
  return column === undefined ? { column: nameColumn, descending: true } : { column, descending };
});

export const lines = computed(() =>
  linesOf(runs.value.values(), studies.value, {
    matches: filter.value.matches,
    filtered: filterWords.value.trim() !== '',
    order: order.value,
    open: new Set(openStudies.value),
  }),
);

export const chosen = computed(() => pickedRows(picked.value, runs.value.values(), filter.value.matches));
