import type { Expression } from './expression';

/** Keeps one object for all equal expressions. */
export class ExpressionPool {
  private readonly known = new Map<string, Expression>();
  private readonly numbers = new Map<Expression, number>();

  /** The one object for an expression; its parts must be of this pool. */
  one<E extends Expression>(expression: E): E {
    const key = Object.values(expression)
      .map((field) => (typeof field === 'object' ? `#${this.numbers.get(field)}` : keyOf(field)))
      .join(' ');
    const known = this.known.get(key) as E | undefined;
    if (known !== undefined) return known;
    Object.freeze(expression);
    this.known.set(key, expression);
    this.numbers.set(expression, this.numbers.size);
    return expression;
  }
}

/** 0 and -0 are different numbers here: a sum with one is not a sum with the other. */
function keyOf(field: string | number | boolean): string {
  return Object.is(field, -0) ? '-0' : String(field);
}
