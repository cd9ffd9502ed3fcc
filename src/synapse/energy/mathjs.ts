import type { MathNode } from 'mathjs';
import type { Algebra } from './algebra';
import type { Expression, SmoothFunction } from './expression';
import { math } from './mathjs-parts';

/** The parts of mathjs nodes that are read here. */
export interface MathParts extends MathNode {
  readonly name: string;
  readonly op: string;
  readonly fn: MathParts;
  readonly content: MathParts;
  readonly args: readonly MathParts[];
  readonly value: unknown;
}

const slopes = new Map<string, MathParts>();

/** The derivative of an expression in u, and perhaps v, by one of these, as mathjs knows it. */
function slope(text: string, by: 'u' | 'v'): MathParts {
  const key = `${text} by ${by}`;
  let node = slopes.get(key);
  if (node === undefined) {
    node = math.derivative(text, by, { simplify: false }) as MathParts;
    slopes.set(key, node);
  }
  return node;
}

/** f'(u) of a smooth function. */
export function slopeOfCall(algebra: Algebra, name: SmoothFunction, u: Expression): Expression {
  return fromMathjs(slope(`${name}(u)`, 'u'), algebra, { u });
}

/** The derivatives of u^v by u and by v. */
export function slopesOfPower(
  algebra: Algebra,
  u: Expression,
  v: Expression,
): readonly [Expression, Expression] {
  const [byBase, byExponent] = (['u', 'v'] as const).map((by) =>
    fromMathjs(slope('u ^ v', by), algebra, { u, v }),
  );
  return [byBase!, byExponent!];
}

/** A derivative that mathjs gave, with expressions for its symbols. */
function fromMathjs(
  node: MathParts,
  algebra: Algebra,
  symbols: Readonly<Record<string, Expression>>,
): Expression {
  const of = (part: MathParts): Expression => fromMathjs(part, algebra, symbols);
  switch (node.type) {
    case 'ConstantNode':
      return algebra.number(node.value as number);
    case 'SymbolNode':
      return symbols[node.name]!;
    case 'ParenthesisNode':
      return of(node.content);
    case 'FunctionNode':
      return algebra.call(node.fn.name as SmoothFunction, of(node.args[0]!));
    default: {
      const [left, right] = node.args.map(of) as [Expression, Expression];
      switch (node.op) {
        case '+':
          return algebra.sum(left, right);
        case '-':
          return right === undefined ? algebra.negation(left) : algebra.difference(left, right);
        case '*':
          return algebra.product(left, right);
        case '/':
          return algebra.quotient(left, right);
        default:
          return algebra.power(left, right);
      }
    }
  }
}
