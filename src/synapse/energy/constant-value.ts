import { type Expression, partsOf } from './expression';

/** The number that an expression of numbers alone is; undefined where a part of it is none yet. */
export function constantValue(expression: Expression): number | undefined {
  if (expression.kind === 'number') return expression.value;
  const parts = partsOf(expression);
  if (parts.length === 0 || !parts.every((part) => part.kind === 'number')) return undefined;
  const [a, b] = parts.map((part) => (part as { value: number }).value) as [number, number];
  switch (expression.kind) {
    case 'negation':
      return -a;
    case 'sum':
      return a + b;
    case 'difference':
      return a - b;
    case 'product':
      return a * b;
    case 'quotient':
      return a / b;
    case 'power':
      return a ** b;
    case 'call':
      return expression.name === 'sech' ? 1 / Math.cosh(a) : Math[expression.name](a);
    case 'extremum':
      return Math[expression.name](a, b);
    case 'absolute-power':
      return (expression.signed ? Math.sign(a) : 1) * Math.abs(a) ** expression.exponent;
    default:
      return undefined;
  }
}
