import { InputError } from '../core/errors';
import { creditedEngine } from '../engine/credited-engine';
import type { Engine } from '../engine/engine';
import { creditNamed, creditNames, creditSummary } from '../network/credit/credits';
import type { Method } from './methods/method';

/** A method, and where the gradients come from that it learns by. */
export interface MethodByCredit {
  readonly method: Method;
  /** The words for its source of credit. */
  readonly credit: string;
  /** What reports, figures and files call it: the method, the source of credit where that is what differs, or both. */
  readonly label: string;
  readonly summary: string;
}

/**
 * Every method by every source of credit that a text names: several with commas, or `all`.
 * @param isCompared Whether sources of credit are what is compared, so that even one alone is called by its words.
 * @throws InputError where there is no such source, or it comes twice.
 */
export function byCredit(
  methods: readonly Method[],
  text: string,
  isCompared: boolean,
): readonly MethodByCredit[] {
  const credits = creditsIn(text);
  const several = isCompared || credits.length > 1;
  return methods.flatMap((method) =>
    credits.map((credit) => ({ method, credit, ...inWords(method, credit, methods.length > 1, several) })),
  );
}

function inWords({ name, summary }: Method, credit: string, severalMethods: boolean, several: boolean) {
  if (!several && credit === 'backprop') return { label: name, summary };
  const source = creditSummary(credit.split(':')[0]!);
  const both = severalMethods ? `${name} by ${credit}` : credit;
  return { label: several ? both : name, summary: `${summary}; gradients from ${source}` };
}

/** The words for sources of credit in a text. */
export function creditsIn(text: string): readonly string[] {
  const credits = text === 'all' ? creditNames() : text.split(',').map((words) => words.trim());
  for (const [place, words] of credits.entries()) {
    creditNamed(words);
    if (credits.indexOf(words) === place) continue;
    throw new InputError({ what: 'A source of credit is named twice', got: text, legal: 'each once' });
  }
  return credits;
}

/** The engine, whose networks take their credit from that source. */
export function engineBy(engine: Engine, credit: string, seed: number): Engine {
  return credit === 'backprop' ? engine : creditedEngine(engine, creditNamed(credit, seed));
}
