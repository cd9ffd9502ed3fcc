import { RunView } from '../run/run-view';
import { RunsView } from '../run-list/runs-view';
import { run, state, view } from '../state/state';
import { SynapsesView } from '../synapses/synapses-view';
import { Header } from './header';

/** The view that the address names, below what all views share. */
export function App() {
  const shown = view.value !== 'runs' && run.value === '' ? 'runs' : view.value;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        {state.refused.value.map((words) => (
          <p key={words} class="notice" role="status">
            {words}
          </p>
        ))}
        {shown === 'runs' && <RunsView />}
        {shown === 'run' && <RunView id={run.value} />}
        {shown === 'synapses' && <SynapsesView id={run.value} />}
      </main>
    </>
  );
}
