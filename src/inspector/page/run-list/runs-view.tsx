import { Loading } from '../api/loading';
import { ProblemView } from '../api/problem-view';
import { RunOverlay } from './overlay';
import { RunTable } from './run-table';
import { lines } from './selection';
import { folder, loadAll, loaded, problem, runs, studies } from './store';
import { Toolbar } from './toolbar';

/** All runs and studies of the served folder. */
export function RunsView() {
  if (!loaded.value) {
    return problem.value === null ? (
      <Loading what="runs" />
    ) : (
      <ProblemView problem={problem.value} again={() => void loadAll()} />
    );
  }
  const nothing = runs.value.size === 0 && studies.value.size === 0;
  return (
    <div class="runs">
      <h1 class="unseen">Runs in {folder.value}</h1>
      {problem.value !== null && <ProblemView problem={problem.value} again={() => void loadAll()} />}
      {nothing ? (
        <Empty />
      ) : (
        <>
          <Toolbar />
          <RunOverlay />
          {lines.value.length === 0 ? <p class="nothing">No run is met by this filter.</p> : <RunTable />}
        </>
      )}
    </div>
  );
}

const Empty = () => (
  <div class="nothing">
    <p>
      There is no run in <strong>{folder.value}</strong> yet. To make one, which takes some seconds:
    </p>
    <pre>npx metaplast run one-synapse --preset smoke --runs {folder.value}</pre>
    <p>
      It appears here as soon as it begins. <code>npx metaplast list</code> says what there is to run.
    </p>
  </div>
);
