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

type Value = number | boolean;

const operators: Readonly<Record<string, (a: number, b: number) => Value>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '===': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '!==': (a, b) => a !== b,
};

/**
 * What a formula of `formulaOf` comes to in float64, as the kernel itself would: to the bit.
 * @param values By the names of the kernel's parameters; NaN where one is missing.
 */
export function formulaValue(formula: Node, values: Readonly<Record<string, number>>): number {
  const of = (node: Node): Value => {
    switch (node.type) {
      case 'Literal':
        return (node as Literal).value as Value;
      case 'Identifier': {
        const { name } = node as Identifier;
        return Object.hasOwn(values, name) ? values[name]! : name === 'Infinity' ? Infinity : Number.NaN;
      }
      case 'MemberExpression':
        return Math[((node as MemberExpression).property as Identifier).name as 'PI' | 'E'];
      case 'CallExpression': {
        const { callee, arguments: given } = node as CallExpression;
        const { name } = (callee as MemberExpression).property as Identifier;
        return Math[name as 'max'](...given.map((one) => of(one) as number));
      }
      case 'UnaryExpression': {
        const { operator, argument } = node as UnaryExpression;
        const value = of(argument);
        return operator === '!' ? !value : operator === '-' ? -value : +value;
      }
      case 'LogicalExpression': {
        const { operator, left, right } = node as LogicalExpression;
        return operator === '&&' ? of(left) && of(right) : of(left) || of(right);
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as ConditionalExpression;
        return of(test) ? of(consequent) : of(alternate);
      }
      default: {
        const { operator, left, right } = node as BinaryExpression;
        return operators[operator]!(of(left as Node) as number, of(right) as number);
      }
    }
  };
  return Number(of(formula));
}
