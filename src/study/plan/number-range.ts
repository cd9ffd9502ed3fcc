import { InputError } from '../../core/errors';

/** A range as typed, from the lower to the higher number. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

const number = '[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const range = new RegExp(`^\\s*(${number})\\s*\\.\\.\\s*(${number})\\s*$`);

/**
 * A range such as `1e-3..1`.
 * @param where What holds it, for messages.
 * @throws InputError where it is none, runs backwards, holds one number only, or one that is too large for a number.
 */
export function parseRange(text: string, where: string): NumberRange {
  const [, first, last] = range.exec(text) ?? [];
  const [low, high] = [Number(first), Number(last)];
  const legal = 'LOW..HIGH, such as 1e-3..1';
  if (first === undefined || !Number.isFinite(low) || !Number.isFinite(high) || !Number.isFinite(high - low))
    throw new InputError({ what: `${where} needs a range of finite numbers`, got: text, legal });
  if (low > high)
    throw new InputError({
      what: `The range of ${where} runs backwards`,
      got: text,
      legal: 'the lower number first',
      advice: `Did you mean ${last}..${first}?`,
    });
  if (low === high)
    throw new InputError({
      what: `The range of ${where} is one number`,
      got: text,
      legal,
      advice: 'Give one value as it is, such as beta=0.1',
    });
  return { low, high };
}
