import { connection } from '../run-list/store';
import { Link } from '../state/link';
import { run, state, theme, type View, view } from '../state/state';

const names: Readonly<Record<View, string>> = { runs: 'Runs', run: 'Run', synapses: 'Synapses' };

const themes = [
  ['system', 'Theme: system'],
  ['light', 'Theme: light'],
  ['dark', 'Theme: dark'],
] as const;

/** Where one is, where one can go, and how it looks. */
export function Header() {
  const shown: readonly View[] = run.value === '' ? ['runs'] : ['runs', 'run', 'synapses'];
  return (
    <header class="head">
      <span class="brand">metaplast</span>
      <nav aria-label="Views">
        {shown.map((name) => (
          <Link key={name} to={[view.to(name)]} current={view.value === name ? 'page' : undefined}>
            {names[name]}
          </Link>
        ))}
      </nav>
      {run.value !== '' && (
        <span class="head-run" title={run.value}>
          {run.value}
        </span>
      )}
      <span class="head-end">
        <span class={`connection connection-${connection.value}`} role="status">
          {connection.value === 'open'
            ? 'live'
            : connection.value === 'lost'
              ? 'no connection, trying again'
              : 'connecting'}
        </span>
        <label class="theme">
          <span class="unseen">Theme</span>
          <select
            value={theme.value}
            onChange={({ currentTarget }) =>
              state.slide([theme.to(currentTarget.value as (typeof themes)[number][0])])
            }
          >
            {themes.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </span>
    </header>
  );
}
