import type { RunState } from '../../protocol/runs';

/** What each state means, and a shape of its own, so that no colour is needed to know it. */
export const states: Readonly<Record<RunState, { readonly means: string; readonly shape: string }>> = {
  running: { means: 'A process of this machine works on it.', shape: 'M2 1L9 5L2 9Z' },
  elsewhere: {
    means: 'A process of another machine or container works on it.',
    shape: 'M2.5 1.5L8.5 5L2.5 8.5Z',
  },
  dead: {
    means: 'It says that it runs, and nobody works on it. `metaplast resume` goes on with it.',
    shape: 'M2 2L8 8M8 2L2 8',
  },
  stopped: {
    means: 'Interrupted, with a checkpoint. `metaplast resume` goes on with it.',
    shape: 'M2 1H4V9H2ZM6 1H8V9H6Z',
  },
  finished: { means: 'It has come to its end.', shape: 'M1.5 5.5L4 8L8.5 2.5' },
  broken: { means: 'Its files do not say what it is.', shape: 'M5 1L9.5 9H0.5ZM5 4V6.2M5 7.3V8' },
};

export const StateMark = ({ state }: { state: RunState }) => (
  <span class={`state state-${state}`} title={states[state].means}>
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <path d={states[state].shape} />
    </svg>
    {state}
  </span>
);
