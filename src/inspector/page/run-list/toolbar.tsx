import type { RunState } from '../../protocol/runs';
import { picked } from '../state/state';
import { counted } from '../text/numbers';
import { ColumnMenu } from './column-menu';
import { wordsOf } from './filter';
import { filterWords } from './runs-state';
import { chosen, filter, matching } from './selection';
import { StateMark, states } from './state-mark';
import { runs } from './store';

/** What is looked for, what is shown of it, and how many there are. */
export function Toolbar() {
  const { problems } = filter.value;
  const words = filterWords.value;
  const total = runs.value.size;
  return (
    <div class="toolbar">
      <label class="search">
        <span class="unseen">Filter runs</span>
        <input
          type="search"
          value={words}
          placeholder="words, beta>0.1, state=running, -sweep …"
          aria-invalid={problems.length > 0}
          aria-describedby="filter-problems"
          spellcheck={false}
          onInput={({ currentTarget }) => filterWords.slide(currentTarget.value)}
        />
      </label>
      <StateFilter />
      <ColumnMenu />
      <span class="count" role="status">
        {matching.value.length === total
          ? counted(total, 'run')
          : `${matching.value.length} of ${counted(total, 'run')}`}
        {chosen.value.length > 0 && `, ${chosen.value.length} picked`}
      </span>
      {picked.value.length > 0 && (
        <button type="button" onClick={() => picked.slide([])}>
          Pick none
        </button>
      )}
      <p id="filter-problems" class="wrong" hidden={problems.length === 0}>
        {problems.join(' ')}
      </p>
    </div>
  );
}

/** How many runs stand how; a press shows those alone. */
function StateFilter() {
  const counts = new Map<RunState, number>();
  for (const { state } of runs.value.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  const words = wordsOf(filterWords.value);
  const press = (state: RunState) => {
    const word = `state=${state}`;
    const others = filterWords.value.replace(/\s*\bstate=\S+/g, '').trim();
    filterWords.slide(words.includes(word) ? others : `${others} ${word}`.trim());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset looks like a form
    <div class="state-filter" role="group" aria-label="Runs by state">
      {(Object.keys(states) as RunState[])
        .filter((state) => counts.has(state))
        .map((state) => (
          <button
            key={state}
            type="button"
            class="quiet"
            aria-pressed={words.includes(`state=${state}`)}
            onClick={() => press(state)}
          >
            <StateMark state={state} /> {counts.get(state)}
          </button>
        ))}
    </div>
  );
}
