import { useState } from 'preact/hooks';
import type { Cell } from '../../protocol/runs';
import { cellWords } from '../text/cell';
import { shown } from '../text/symbols';

interface FactsProps {
  readonly title: string;
  readonly facts: Readonly<Record<string, Cell>>;
  /** Said where there are none. */
  readonly none: string;
}

/** So many lines can be read without a search. */
const short = 12;

/** Names and values, side by side, with a search where they are many. */
export function Facts({ title, facts, none }: FactsProps) {
  const [words, setWords] = useState('');
  const all = Object.entries(facts);
  const part = words.trim().toLowerCase();
  const found = all.filter(([name, value]) => `${name} ${shown(name)} ${value}`.toLowerCase().includes(part));
  return (
    <section class="facts">
      <div class="facts-head">
        <h2>{title}</h2>
        {all.length > short && (
          <input
            type="search"
            aria-label={`Find in ${title}`}
            placeholder="find"
            value={words}
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
          />
        )}
      </div>
      {all.length === 0 ? (
        <p class="hint">{none}</p>
      ) : (
        <dl>
          {found.map(([name, value]) => (
            <div key={name}>
              <dt title={name}>{shown(name)}</dt>
              <dd title={String(value)}>{cellWords(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {all.length > 0 && found.length === 0 && <p class="hint">Nothing is called so.</p>}
    </section>
  );
}
