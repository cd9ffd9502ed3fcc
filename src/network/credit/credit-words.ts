import { InputError } from '../../core/errors';
import { isSameRule } from '../../synapse/rule';
import type { Credit } from './credit';
import { creditNamed, defaultsOfCredit } from './credits';

/** Settings of a source of credit, by name. */
export type CreditSettings = Readonly<Record<string, number | string | null>>;

/**
 * The words for a source of credit, with its settings other than the defaults: what `creditNamed` makes it of. Null where it has no name, or a rule
 * that has none.
 */
export function creditWords(credit: Credit): string | null {
  const defaults = defaultsOfCredit(credit.kind);
  if (defaults === null) return null;
  const own = credit as unknown as Readonly<Record<string, unknown>>;
  // Of a user's own source, what it was made with need not stand in it.
  if (Object.keys(defaults).some((name) => own[name] === undefined)) return null;
  const others = Object.keys(defaults).filter((name) => own[name] !== defaults[name]);
  const words = [credit.kind, ...others.map((name) => `${name}=${own[name]}`)].join(':');
  const { rule } = creditNamed(words);
  if (rule === credit.rule) return words;
  return rule !== null && credit.rule !== null && isSameRule(rule, credit.rule) ? words : null;
}

/** The words with other settings; null where the source has no such settings, or they are not legal. */
export function changedWords(words: string, settings: CreditSettings): string | null {
  const [name, ...given] = words.split(':');
  const kept = given.filter((setting) => !(setting.split('=')[0]! in settings));
  const changed = Object.entries(settings).map(([setting, value]) => `${setting}=${value}`);
  try {
    return creditWords(creditNamed([name, ...kept, ...changed].join(':')));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
