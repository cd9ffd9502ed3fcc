import { count, listOf, oneOf, text } from './codec';
import { openState } from './url-state';

/** The state of the page: the query of its address, and nothing else. */
export const state = openState({
  query: () => location.search,
  write: (query, how) => {
    const url = `${location.pathname}${query}`;
    if (how === 'push') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  },
  onBackOrForward: (listener) => addEventListener('popstate', listener),
});

const views = ['runs', 'run', 'synapses'] as const;
export type View = (typeof views)[number];

/** What is shown. */
export const view = state.parameter('view', oneOf(...views), 'runs');
/** Id of the run that the views `run` and `synapses` show; empty for none. */
export const run = state.parameter('run', text, '');
/** Name of a trace of the run; empty for the first. */
export const trace = state.parameter('trace', text, '');
/** Row of the trace. */
export const row = state.parameter('row', count, 0);
/** Column of the trace: which synapse. */
export const synapse = state.parameter<number | null>('synapse', orNone(count), null);
/** Variable of the trace; empty for the first. */
export const variable = state.parameter('var', text, '');
export const theme = state.parameter('theme', oneOf('system', 'light', 'dark'), 'system');
/** Ids of the runs picked. */
export const picked = state.parameter<readonly string[]>('picked', listOf(text), []);

/** What belongs to one run, and means nothing for another. */
export const ofOneRun = [trace.to(''), row.to(0), synapse.to(null), variable.to('')];

function orNone(codec: typeof count) {
  return {
    read: (written: string) => (written === '' ? null : codec.read(written)),
    write: (value: number | null) => (value === null ? '' : codec.write(value)),
    legal: codec.legal,
  };
}
