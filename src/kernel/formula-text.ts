import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  Node,
  UnaryExpression,
} from 'acorn';

/** How tightly operators bind, loosest first. */
const levels = [
  ['?'],
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
];
const tighter = [['+', '-'], ['*', '/', '%'], ['unary'], ['**']];
const bindings = new Map(
  [...levels, ...tighter].flatMap((level, i) => level.map((operator) => [operator, i])),
);
const tightest = bindings.size;

/**
 * A formula of `formulaOf` as text that people read, and mathjs too as long as it holds no operator on bits: `rate * gradient / (sqrt(v) + epsilon)`.
 * @param nameOf What stands for a parameter: its name, or its number.
 */
export function formulaText(formula: Node, nameOf: (parameter: string) => string = (name) => name): string {
  const text = (node: Node): readonly [text: string, binding: number] => {
    const within = (of: Node, least: number): string => {
      const [inner, binding] = text(of);
      return binding < least ? `(${inner})` : inner;
    };
    switch (node.type) {
      case 'Literal':
        return number(String((node as Literal).value));
      case 'Identifier': {
        return number(nameOf((node as Identifier).name));
      }
      case 'MemberExpression':
        return [((node as MemberExpression).property as Identifier).name.toLowerCase(), tightest];
      case 'CallExpression': {
        const { callee, arguments: given } = node as CallExpression;
        const { name } = (callee as MemberExpression).property as Identifier;
        return [`${name}(${given.map((one) => text(one)[0]).join(', ')})`, tightest];
      }
      case 'UnaryExpression': {
        const { operator, argument } = node as UnaryExpression;
        const own = bindings.get('unary')!;
        return [`${operator === '!' ? 'not ' : operator}${within(argument, own + 1)}`, own];
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as ConditionalExpression;
        return [`${within(test, 1)} ? ${within(consequent, 1)} : ${within(alternate, 0)}`, 0];
      }
      default: {
        const { operator, left, right } = node as BinaryExpression | LogicalExpression;
        const sign = operator.replace(/^([!=]=)=$/, '$1');
        const own = bindings.get(sign)!;
        const words =
          ({ '&&': 'and', '||': 'or', '**': '^', '^': 'xor' } as Record<string, string>)[sign] ?? sign;
        // All but powers go from left to right.
        const [before, behind] = sign === '**' ? [own + 1, own] : [own, own + 1];
        return [`${within(left as Node, before)} ${words} ${within(right, behind)}`, own];
      }
    }
  };
  return text(formula)[0];
}

/** A number below 0 stands in brackets. */
const number = (shown: string): [text: string, binding: number] => [
  shown,
  shown.startsWith('-') ? 0 : tightest,
];
