import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { parseValue } from '../../run/scenario/scenario';
import { gridOf } from './grid';
import { mostTrials } from './most-trials';
import { type NumberRange, parseRange } from './number-range';
import { splitList } from './split-list';

/** What one setting is swept over: values in this order, or a distribution that samples are drawn from. */
export type Swept =
  | { readonly kind: 'values'; readonly values: readonly unknown[]; readonly as: string }
  | { readonly kind: 'lin' | 'log'; readonly values: readonly number[]; readonly as: string }
  | ({ readonly kind: 'uniform' | 'loguniform'; readonly as: string } & NumberRange);

/** A setting that is swept. `as` is what was typed; `with` are settings that take the same value. */
export type Axis = Swept & { readonly path: string; readonly with?: readonly string[] };

const forms = ['log', 'lin', 'uniform', 'loguniform'];
const legal =
  'SETTING=VALUE,VALUE,..., SETTING=lin(LOW..HIGH,COUNT), log(LOW..HIGH,COUNT), uniform(LOW..HIGH) or loguniform(LOW..HIGH)';

/**
 * What `--sweep` is given: `beta=0.03,0.1`, `lambda=log(1e-3..1,7)`. Values of a list are read as `--set` reads them.
 * @throws InputError where it cannot be read, or means nothing.
 */
export function parseAxis(text: string): Axis {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InputError({ what: '--sweep needs a setting and its values', got: text, legal });
  const path = text.slice(0, equals);
  const as = text.slice(equals + 1);
  const [, form, inside] = /^\s*([a-z]\w*)\s*\((.*)\)\s*$/i.exec(as) ?? [];
  return { path, ...(form === undefined ? listed(path, as) : formed(path, form, inside!, as)) };
}

function listed(path: string, as: string): Swept {
  const values = splitList(as).map(parseValue);
  const seen = new Set<string>();
  for (const value of values) {
    const text = JSON.stringify(value);
    if (seen.has(text))
      throw new InputError({
        what: `${path} (--sweep) is to take a value twice, which would be the same trial again`,
        got: value,
        legal: 'each once',
      });
    seen.add(text);
  }
  return { kind: 'values', values, as };
}

function formed(path: string, form: string, inside: string, as: string): Swept {
  const where = `${path} (--sweep)`;
  if (form === 'uniform' || form === 'loguniform') {
    const range = parseRange(inside, where);
    if (form === 'loguniform') aboveZero(range, where, as);
    return { kind: form, ...range, as };
  }
  if (form !== 'log' && form !== 'lin')
    throw new InputError({
      what: `${where} knows no such form`,
      got: as,
      legal,
      advice: didYouMean(form, forms) ?? 'A text is written in quotation marks: \'"a(b)"\'',
    });
  const comma = inside.lastIndexOf(',');
  const range = parseRange(comma < 0 ? inside : inside.slice(0, comma), where);
  const count = comma < 0 ? '' : inside.slice(comma + 1).trim();
  if (!/^\d+$/.test(count) || Number(count) < 2 || Number(count) > mostTrials)
    throw new InputError({
      what: `${where} needs how many values, both ends included`,
      got: as,
      legal: `${form}(LOW..HIGH,COUNT) with a COUNT of 2 to ${mostTrials}`,
      advice: count === '1' ? 'Give one value as it is, such as beta=0.1' : undefined,
    });
  if (form === 'log') aboveZero(range, where, as);
  return { kind: form, values: gridOf(form, range, Number(count)), as };
}

function aboveZero({ low }: NumberRange, where: string, as: string): void {
  if (low > 0) return;
  throw new InputError({
    what: `The range of ${where} has no logarithm at ${low}`,
    got: as,
    legal: 'from a number above 0 on',
    advice: 'For a 0 among the values, list them: 0,0.001,0.01',
  });
}
