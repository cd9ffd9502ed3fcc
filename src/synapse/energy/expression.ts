/** Functions of one argument that a penalty may call, and `sech`, which the derivative of tanh needs. All are smooth where they are defined. */
export type SmoothFunction = 'exp' | 'log' | 'sqrt' | 'tanh' | 'sech';

/**
 * An expression in a synapse's variables. Equal expressions of one `ExpressionPool` are one object, so that a kernel computes each
 * of them once, and `===` tells whether two are equal.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: string }
  | {
      readonly kind: 'sum' | 'difference' | 'quotient';
      readonly left: Expression;
      readonly right: Expression;
    }
  | ProductExpression
  | { readonly kind: 'negation'; readonly of: Expression }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: Expression }
  | { readonly kind: 'call'; readonly name: SmoothFunction; readonly of: Expression }
  | AbsolutePowerExpression
  | {
      readonly kind: 'extremum';
      readonly name: 'min' | 'max';
      readonly left: Expression;
      readonly right: Expression;
    }
  | SelectExpression;

/** left * right; a guarded one is 0 where a factor is 0, whatever the other one is: infinite, or no number. */
interface ProductExpression {
  readonly kind: 'product';
  readonly left: Expression;
  readonly right: Expression;
  readonly guarded: boolean;
}

/**
 * |base|^exponent, or with `signed` sign(base) |base|^exponent, which is 0 at base = 0 for every exponent. |base| and sign(base) are
 * the cases 1 and, signed, 0. The derivative of either kind is the exponent times the other kind, one exponent lower.
 */
interface AbsolutePowerExpression {
  readonly kind: 'absolute-power';
  readonly base: Expression;
  readonly exponent: number;
  readonly signed: boolean;
}

/** `above` where left > right, `below` where left < right, `equal` where neither. */
interface SelectExpression {
  readonly kind: 'select';
  readonly left: Expression;
  readonly right: Expression;
  readonly above: Expression;
  readonly below: Expression;
  readonly equal: Expression;
}

/** The expressions that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'variable':
      return [];
    case 'negation':
    case 'call':
      return [expression.of];
    case 'power':
      return [expression.base, expression.exponent];
    case 'absolute-power':
      return [expression.base];
    case 'select':
      return [expression.left, expression.right, expression.above, expression.below, expression.equal];
    default:
      return [expression.left, expression.right];
  }
}

/** Every expression inside one, itself included, each once. */
export function allParts(expression: Expression): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  const visit = (part: Expression): void => {
    if (found.has(part)) return;
    found.add(part);
    partsOf(part).forEach(visit);
  };
  visit(expression);
  return found;
}
