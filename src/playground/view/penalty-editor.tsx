import { useEffect, useId, useState } from 'preact/hooks';
import { shown } from '../../inspector/page/text/symbols';
import type { PlayedVariable } from '../experiment/settings';
import { derive, derived } from './desk';
import { messageOf } from './message';
import { set, settings } from './played';

/** Waits for a pause in the typing, in milliseconds. */
const pause = 250;

/** The penalty as text, its variables, and the rules that follow. What cannot be read changes nothing else. */
export function PenaltyEditor() {
  const { penalty, slow } = settings.value;
  const [draft, setDraft] = useState({ penalty, slow });
  const id = useId();
  // Another state of the address: by a preset, or by going back.
  useEffect(() => setDraft({ penalty, slow }), [penalty, slow]);
  useEffect(() => {
    const waiting = setTimeout(() => derive(draft), pause);
    return () => clearTimeout(waiting);
  }, [draft]);
  const { of, rules, error } = derived.value;
  // What can be read is taken, which runs it.
  useEffect(() => {
    if (error !== null || of !== draft) return;
    const isNew = draft.penalty !== penalty || JSON.stringify(draft.slow) !== JSON.stringify(slow);
    if (isNew) set.go(draft);
  }, [derived.value]);
  const change = (place: number, part: Partial<PlayedVariable>) =>
    setDraft({
      ...draft,
      slow: draft.slow.map((one, i) =>
        i === place ? { ...one, ...part } : part.anchor === true ? { ...one, anchor: false } : one,
      ),
    });
  return (
    <section class="penalty" aria-label="Penalty of a synapse">
      <label for={id}>
        Penalty R of one synapse, in <code>phi</code> and its slow variables
      </label>
      <textarea
        id={id}
        rows={2}
        spellcheck={false}
        value={draft.penalty}
        aria-invalid={error !== null}
        aria-describedby={`${id}-error`}
        onInput={({ currentTarget }) => setDraft({ ...draft, penalty: currentTarget.value })}
      />
      <p id={`${id}-error`} class="wrong" role="alert">
        {error !== null && messageOf(error)}
      </p>
      <table class="variables">
        <caption class="unseen">Slow variables</caption>
        <thead>
          <tr>
            <th scope="col">variable</th>
            <th scope="col">first value</th>
            <th scope="col" title="phi starts from it in each task">
              anchor
            </th>
            <th scope="col">≥ 0</th>
            <th scope="col">
              <span class="unseen">remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {draft.slow.map((one, i) => (
            <tr key={i}>
              <td>
                <input
                  type="text"
                  aria-label={`Name of variable ${i + 1}`}
                  value={one.name}
                  onInput={({ currentTarget }) => change(i, { name: currentTarget.value })}
                />
              </td>
              <td>
                <input
                  type="number"
                  step="any"
                  aria-label={`First value of ${one.name}`}
                  value={one.initial}
                  onInput={({ currentTarget }) => {
                    if (Number.isFinite(currentTarget.valueAsNumber))
                      change(i, { initial: currentTarget.valueAsNumber });
                  }}
                />
              </td>
              <td>
                <input
                  type="checkbox"
                  aria-label={`${one.name} is the anchor`}
                  checked={one.anchor}
                  onChange={({ currentTarget }) => change(i, { anchor: currentTarget.checked })}
                />
              </td>
              <td>
                <input
                  type="checkbox"
                  aria-label={`${one.name} is never negative`}
                  checked={one.nonNegative}
                  onChange={({ currentTarget }) => change(i, { nonNegative: currentTarget.checked })}
                />
              </td>
              <td>
                <button
                  type="button"
                  class="quiet"
                  disabled={draft.slow.length === 1}
                  aria-label={`Remove ${one.name}`}
                  onClick={() => setDraft({ ...draft, slow: draft.slow.filter((_, other) => other !== i) })}
                >
                  ×
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <button
        type="button"
        class="quiet"
        onClick={() =>
          setDraft({
            ...draft,
            slow: [
              ...draft.slow,
              { name: freshName(draft.slow), initial: 0, anchor: false, nonNegative: false },
            ],
          })
        }
      >
        + variable
      </button>
      {rules !== null && (
        <details open>
          <summary>Rules that follow</summary>
          <dl class="rules">
            {rules.partials.map(({ variable, words, where }) => (
              <Formula key={variable} name={`∂R/∂${shown(variable)}`} words={words} where={where} />
            ))}
            {rules.contrasts.map(({ variable, words, where }) => (
              <Formula
                key={`contrast ${variable}`}
                name={`contrast of ${shown(variable)}`}
                words={words}
                where={where}
              />
            ))}
          </dl>
          <details>
            <summary>As they run</summary>
            {rules.kernels.map(({ name, source }) => (
              <figure key={name}>
                <figcaption>{shown(name)}</figcaption>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
                <pre tabIndex={0}>{source}</pre>
              </figure>
            ))}
          </details>
        </details>
      )}
    </section>
  );
}

interface FormulaProps {
  readonly name: string;
  readonly words: string;
  readonly where: readonly string[];
}

const Formula = ({ name, words, where }: FormulaProps) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <code>{inSymbols(words)}</code>
      {where.length > 0 && (
        <span class="where">
          {' '}
          where{' '}
          {where.map((line) => (
            <code key={line}>{inSymbols(line)}</code>
          ))}
        </span>
      )}
    </dd>
  </div>
);

/** phi at the ends of two phases has the phase below it. */
const inSymbols = (words: string): string =>
  shown(words.replaceAll('phi_beta', 'φᵦ').replaceAll('phi_0', 'φ₀'));

function freshName(slow: readonly PlayedVariable[]): string {
  const taken = slow.map(({ name }) => name);
  return ['kappa', 'rho', 'mu', 'nu', 'xi'].find((name) => !taken.includes(name)) ?? `v${slow.length}`;
}
