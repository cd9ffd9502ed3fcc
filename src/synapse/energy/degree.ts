import { allParts, type Expression } from './expression';

/** The degree that an expression is written with as a polynomial in one variable; Infinity where it is written as none. */
export function degreeIn(expression: Expression, variable: string): number {
  const of = (part: Expression): number => degreeIn(part, variable);
  switch (expression.kind) {
    case 'number':
      return 0;
    case 'variable':
      return expression.name === variable ? 1 : 0;
    case 'sum':
    case 'difference':
      return Math.max(of(expression.left), of(expression.right));
    case 'product':
      return of(expression.left) + of(expression.right);
    case 'negation':
      return of(expression.of);
    case 'quotient':
      return reads(expression.right, variable) ? Infinity : of(expression.left);
    case 'power': {
      const { base, exponent } = expression;
      if (!reads(expression, variable)) return 0;
      const whole = exponent.kind === 'number' && Number.isInteger(exponent.value) && exponent.value > 0;
      return whole ? exponent.value * of(base) : Infinity;
    }
    case 'select': {
      const { left, right, above, below, equal } = expression;
      if (reads(left, variable) || reads(right, variable)) return Infinity;
      return Math.max(...[above, below, equal].map(of));
    }
    default:
      return reads(expression, variable) ? Infinity : 0;
  }
}

/** Whether an expression depends on a variable. */
function reads(expression: Expression, variable: string): boolean {
  return variablesOf(expression).has(variable);
}

/** The variables that an expression reads, in the order of its text. */
export function variablesOf(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  for (const part of allParts(expression)) if (part.kind === 'variable') names.add(part.name);
  return names;
}
