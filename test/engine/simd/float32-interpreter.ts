import type { Node } from 'acorn';
import { openMachine } from '../../../src/engine/simd/machine';
import type { Kernel } from '../../../src/synapse/kernel';
import { parseKernel } from '../../../src/synapse/kernel-source';

/*
 * A kernel as its text reads, one synapse after the other and branch by branch, with every operation rounded to float32.
 * What it shares with the simd engine are the vector functions, whose accuracy is tested by itself.
 */
const { memory, math } = openMachine();
const [first, second, answer] = [memory.allocate(4), memory.allocate(4), memory.allocate(4)];

function vectorFunction(name: string, x: number, y = 0): number {
  first.values.fill(x);
  second.values.fill(y);
  const run = math[name] as (...given: number[]) => void;
  if (name === 'powArray') run(first.pointer, second.pointer, answer.pointer, 4);
  else run(first.pointer, answer.pointer, 4);
  return answer.values[0]!;
}

const functions: Record<string, (...given: number[]) => number> = {
  abs: Math.abs,
  sqrt: (x) => Math.fround(Math.sqrt(x)),
  min: Math.min,
  max: Math.max,
  sign: Math.sign,
  exp: (x) => vectorFunction('expArray', x),
  log: (x) => vectorFunction('logArray', x),
  tanh: (x) => vectorFunction('tanhOf', x),
  pow: (x, y) => vectorFunction('powArray', x, y),
};

type Value = number | boolean;
// biome-ignore lint/suspicious/noExplicitAny: a node of acorn's tree, by its type's own fields.
type Tree = any;

class Return {
  constructor(readonly value: number) {}
}

/** The kernel's number for synapse `index`. */
export function interpret(
  kernel: Kernel,
  quantities: Readonly<Record<string, ArrayLike<number>>>,
  scalars: Readonly<Record<string, number>>,
  index: number,
): number {
  const locals = new Map<string, Value>();

  const evaluate = (node: Tree): Value => {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'boolean' ? node.value : Math.fround(node.value);
      case 'Identifier':
        return locals.get(node.name) ?? Math.fround(scalars[node.name] ?? Infinity);
      case 'MemberExpression':
        if (node.object.name === 'Math') return Math.fround(node.property.name === 'PI' ? Math.PI : Math.E);
        return quantities[node.object.name]![index]!;
      case 'CallExpression':
        return functions[node.callee.property.name]!(...node.arguments.map(evaluate));
      case 'UnaryExpression': {
        const value = evaluate(node.argument);
        return node.operator === '!' ? !value : node.operator === '-' ? -value : value;
      }
      case 'LogicalExpression': {
        const left = Boolean(evaluate(node.left));
        return node.operator === '&&'
          ? left && Boolean(evaluate(node.right))
          : left || Boolean(evaluate(node.right));
      }
      case 'ConditionalExpression':
        return evaluate(node.test) ? evaluate(node.consequent) : evaluate(node.alternate);
      case 'BinaryExpression':
        return operate(node.operator, evaluate(node.left), evaluate(node.right));
      default:
        throw new Error(node.type);
    }
  };

  const execute = (node: Tree): Return | undefined => {
    switch (node.type) {
      case 'ReturnStatement':
        return new Return(evaluate(node.argument) as number);
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) locals.set(id.name, evaluate(init));
        return undefined;
      case 'IfStatement':
        if (evaluate(node.test)) return execute(node.consequent);
        return node.alternate ? execute(node.alternate) : undefined;
      case 'BlockStatement':
        for (const statement of node.body) {
          const returned = execute(statement);
          if (returned !== undefined) return returned;
        }
        return undefined;
      case 'ExpressionStatement': {
        const { type, operator, left, right, argument } = node.expression;
        const target = (left ?? argument).name;
        const old = locals.get(target)!;
        const value = type === 'UpdateExpression' ? 1 : evaluate(right);
        const by = type === 'UpdateExpression' ? operator[0] : operator.slice(0, -1);
        locals.set(target, by === '' ? value : operate(by, old, value));
        return undefined;
      }
      default:
        return undefined;
    }
  };

  const { body } = parseKernel(kernel.source).node;
  return execute(body as Node)!.value;
}

function operate(operator: string, a: Value, b: Value): Value {
  const [x, y] = [a as number, b as number];
  switch (operator) {
    case '+':
      return Math.fround(x + y);
    case '-':
      return Math.fround(x - y);
    case '*':
      return Math.fround(x * y);
    case '/':
      return Math.fround(x / y);
    case '%':
      return Math.fround(x % y);
    case '**':
      return functions.pow!(x, y);
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    case '==':
    case '===':
      return a === b;
    default:
      return a !== b;
  }
}
