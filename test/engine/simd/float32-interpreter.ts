import type { Node } from 'acorn';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { mathFunctions } from '../../../src/kernel/dialect';
import type { Kernel } from '../../../src/kernel/kernel';
import { parseKernel } from '../../../src/kernel/source';

/*
 * A kernel as its text reads, one synapse after the other and branch by branch, with every operation rounded to float32; but for what
 * reads no quantity of a synapse, which stays float64 until it meets one that does.
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

/** The functions of Math in float32. */
type Functions = Readonly<Record<string, (...given: number[]) => number>>;

const vectorFunctions: Functions = {
  abs: Math.abs,
  sqrt: (x) => Math.fround(Math.sqrt(x)),
  min: Math.min,
  max: Math.max,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  trunc: Math.trunc,
  exp: (x) => vectorFunction('expArray', x),
  log: (x) => vectorFunction('logArray', x),
  tanh: (x) => vectorFunction('tanhOf', x),
  pow: (x, y) => vectorFunction('powArray', x, y),
};

/** Those that are worked out in float64 and rounded once. */
export const roundedFunctions: Functions = Object.fromEntries(
  [...mathFunctions.keys()].map((name) => [
    name,
    (...given: number[]) => Math.fround((Math[name as 'max'] as (...of: number[]) => number)(...given)),
  ]),
);

type Plain = number | boolean;
/** A value, and whether it is the same for all synapses: then in float64, else in float32. */
interface Value {
  readonly of: Plain;
  readonly uniform: boolean;
}
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
  functions: Functions = vectorFunctions,
): number {
  const locals = new Map<string, Value>();
  const helpers = new Map<string, Tree>();

  /** The same operation in float64 where all that it reads is uniform, else in float32. */
  const apply = (
    operands: readonly Value[],
    double: (...values: Plain[]) => Plain,
    single: (...values: Plain[]) => Plain,
  ): Value => {
    const uniform = operands.every((operand) => operand.uniform);
    return { of: (uniform ? double : single)(...operands.map(uniform ? ({ of }) => of : rounded)), uniform };
  };
  const same = (operands: readonly Value[], operation: (...values: Plain[]) => Plain): Value =>
    apply(operands, operation, operation);

  const evaluate = (node: Tree): Value => {
    switch (node.type) {
      case 'Literal':
        return { of: node.value, uniform: true };
      case 'Identifier':
        return locals.get(node.name) ?? { of: scalars[node.name] ?? Infinity, uniform: true };
      case 'MemberExpression': {
        const { object, property } = node;
        if (object.type !== 'Identifier') return { of: index, uniform: false }; // this.thread.x, to be an index
        if (object.name === 'Math') return { of: Math[property.name as 'PI'], uniform: true };
        return { of: quantities[object.name]![index]!, uniform: false };
      }
      case 'CallExpression': {
        const helper = helpers.get(node.callee.name);
        if (helper !== undefined) return helped(helper, node.arguments.map(evaluate));
        const { name } = node.callee.property;
        const double = Math[name as 'max'] as (...values: Plain[]) => number;
        const single = functions[name] as (...values: Plain[]) => number;
        return apply(node.arguments.map(evaluate), double, single);
      }
      case 'UnaryExpression':
        if (node.operator === '~') return operate('^', evaluate(node.argument), { of: -1, uniform: true });
        return same([evaluate(node.argument)], (value) =>
          node.operator === '!' ? !value : node.operator === '-' ? -value : value,
        );
      case 'LogicalExpression':
        return same([evaluate(node.left), evaluate(node.right)], (left, right) =>
          node.operator === '&&' ? left && right : left || right,
        );
      case 'ConditionalExpression':
        return same([node.test, node.consequent, node.alternate].map(evaluate), (test, first, second) =>
          test ? first : second,
        );
      case 'BinaryExpression':
        return operate(node.operator, evaluate(node.left), evaluate(node.right));
      default:
        throw new Error(node.type);
    }
  };

  const helped = ({ params, body }: Tree, given: readonly Value[]): Value => {
    const around = new Map(locals);
    params.forEach(({ name }: Tree, place: number) => {
      locals.set(name, given[place]!);
    });
    if (body.type === 'BlockStatement') body.body.slice(0, -1).forEach(execute);
    const value = evaluate(body.type === 'BlockStatement' ? body.body.at(-1).argument : body);
    // A helper assigns to nothing outside of it.
    locals.clear();
    for (const [name, of] of around) locals.set(name, of);
    return value;
  };

  const operate = (operator: string, ...operands: readonly Value[]): Value =>
    apply(
      operands,
      (a, b) => operation(operator, a as number, b as number),
      (a, b) => {
        if (operator === '**') return functions.pow!(a as number, b as number);
        const value = operation(operator, a as number, b as number);
        return typeof value === 'number' ? Math.fround(value) : value;
      },
    );

  const execute = (node: Tree): Return | undefined => {
    switch (node.type) {
      case 'ReturnStatement':
        return new Return(rounded(evaluate(node.argument)) as number);
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          if (init.type === 'ArrowFunctionExpression') {
            helpers.set(id.name, init);
            continue;
          }
          const value = evaluate(init);
          locals.set(id.name, node.kind === 'const' ? value : perSynapse(value));
        }
        return undefined;
      case 'IfStatement':
        if (rounded(evaluate(node.test))) return execute(node.consequent);
        return node.alternate ? execute(node.alternate) : undefined;
      case 'ForStatement': {
        const [{ id, init }] = node.init.declarations;
        let counter = evaluate(init);
        for (;;) {
          locals.set(id.name, counter);
          if (!evaluate(node.test).of) return undefined;
          const returned = execute(node.body);
          if (returned !== undefined) return returned;
          counter = changed(node.update, counter);
        }
      }
      case 'BlockStatement':
        for (const statement of node.body) {
          const returned = execute(statement);
          if (returned !== undefined) return returned;
        }
        return undefined;
      case 'ExpressionStatement': {
        const target = (node.expression.left ?? node.expression.argument).name;
        locals.set(target, perSynapse(changed(node.expression, locals.get(target)!)));
        return undefined;
      }
      default:
        return undefined;
    }
  };

  /** What `x = ...`, `x += ...` or `x++` makes of x. */
  const changed = ({ type, operator, right }: Tree, old: Value): Value => {
    if (type === 'UpdateExpression') return operate(operator[0], old, { of: 1, uniform: true });
    const [by, value] = [operator.slice(0, -1), evaluate(right)];
    return by === '' ? value : operate(by, old, value);
  };

  const { body } = parseKernel(kernel.source).node;
  return execute(body as Node)!.value;
}

const rounded = ({ of }: Value): Plain => (typeof of === 'number' ? Math.fround(of) : of);
const perSynapse = (value: Value): Value => ({ of: rounded(value), uniform: false });

function operation(operator: string, a: number, b: number): Plain {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
    case '===':
      return a === b;
    default:
      return a !== b;
  }
}
