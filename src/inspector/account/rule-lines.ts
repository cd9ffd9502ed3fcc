import type { Node } from 'acorn';
import { formulaOf } from '../../kernel/formula';
import { formulaText } from '../../kernel/formula-text';
import { formulaValue } from '../../kernel/formula-value';
import type { RecordedRule } from '../../learning/meta-rule';
import type { AccountLine } from '../protocol/traces';

/** One synapse's quantities, by name. */
export type Numbers = Record<string, number>;

interface Words {
  /** What is worked out. */
  readonly words: string;
  /** How a quantity is called; by its own name where left out. */
  readonly called?: Readonly<Record<string, string>>;
  /** A quantity that is 0 at first, which a sum need not begin with. */
  readonly zero?: string;
}

/**
 * One step of a rule for one synapse: its formula, the same with the synapse's numbers, and what it comes to, which is put among the numbers.
 * @returns null where the rule is too long to be written as a formula
 */
export function stepLine(
  { writes, source }: RecordedRule['steps'][number],
  numbers: Numbers,
  { words, called = {}, zero }: Words,
): AccountLine | null {
  const whole = formulaOf(source);
  if (whole === null) return null;
  const formula = zero === undefined ? whole : withoutLeading(whole, zero);
  const named = (name: string): string => (Object.hasOwn(called, name) ? called[name]! : name);
  const value = formulaValue(whole, numbers);
  const shown = digitsThatGive(whole, numbers, value);
  const line: AccountLine = {
    words,
    formula: `${named(writes)} = ${formulaText(formula, named)}`,
    numbers: formulaText(formula, (name) =>
      shown(Object.hasOwn(numbers, name) ? numbers[name]! : Number.NaN),
    ),
    value,
    recorded: null,
  };
  numbers[writes] = value;
  return line;
}

/** `sum + x` as `x`. */
function withoutLeading(node: Node, name: string): Node {
  const { type, operator, left, right } = node as Node & Record<string, Node & { name?: string }>;
  if (type !== 'BinaryExpression' || (operator as unknown) !== '+') return node;
  return left!.type === 'Identifier' && left!.name === name ? right! : node;
}

/**
 * How numbers are written in a formula: with six digits, or as many more as it takes for the numbers that are shown to give the value that is shown. A difference
 * of two that are nearly equal takes all of them.
 */
function digitsThatGive(formula: Node, numbers: Numbers, value: number): (number: number) => string {
  for (const digits of [6, 9, 12]) {
    const rounded = (number: number): number =>
      Number.isInteger(number) ? number : Number(number.toPrecision(digits));
    const given = Object.fromEntries(
      Object.entries(numbers).map(([name, number]) => [name, rounded(number)]),
    );
    const error = Math.abs(formulaValue(formula, given) - value);
    if (error <= 1e-5 * Math.abs(value)) return (number) => String(rounded(number));
  }
  return String;
}

/** As many digits as distinguish synapses; whole numbers as they are. */
export const numberText = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
