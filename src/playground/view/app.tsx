import { useSignalEffect } from '@preact/signals';
import { state, theme } from '../../inspector/page/state/state';
import { Controls, Presets } from './controls';
import { run } from './desk';
import { settings } from './played';
import { BetaSweep, Results, Working } from './results';

/** Waits for a pause of the sliders, in milliseconds. */
const pause = 60;

const themes = { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' } as const;

export function App() {
  useSignalEffect(() => {
    const now = settings.value;
    const waiting = setTimeout(() => run(now), pause);
    return () => clearTimeout(waiting);
  });
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="head">
        <span class="brand">metaplast playground</span>
        <span class="head-end">
          <label class="theme">
            <span class="unseen">Theme</span>
            <select
              value={theme.value}
              onChange={({ currentTarget }) => theme.slide(currentTarget.value as keyof typeof themes)}
            >
              {Object.entries(themes).map(([name, words]) => (
                <option key={name} value={name}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        </span>
      </header>
      <main id="main" tabIndex={-1}>
        <h1 class="unseen">A meta-gradient, estimated by contrast</h1>
        {state.refused.value.map((words) => (
          <p key={words} class="notice" role="status">
            {words}
          </p>
        ))}
        <Presets />
        <div class="desk">
          <Controls />
          <div class="results">
            <Working />
            <Results />
            <BetaSweep />
          </div>
        </div>
      </main>
    </>
  );
}
