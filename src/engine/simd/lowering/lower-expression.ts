import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Identifier,
  LogicalExpression,
  MemberExpression,
  Node,
  UnaryExpression,
} from 'acorn';
import { MetaplastError } from '../../../core/errors';
import type { Kind } from '../../../kernel/scope';
import type { Fixed } from '../../../kernel/uniforms';
import { get, type PassCode, select, set } from './pass-code';
import { simd, splat, vector } from './wasm-code';

/** Code that leaves one vector on the stack: four numbers, or four truth values as masks of all bits. */
interface Lowered {
  readonly code: number[];
  readonly kind: Kind;
}

/** A variable of each synapse: a `const` or `let` of a kernel. */
export interface LoweredLocal {
  readonly index: number;
  readonly kind: Kind;
}

/** What the names of one kernel stand for. */
export interface Names {
  readonly pass: PassCode;
  /** The quantity that a parameter reads, by the name that the pass knows it by. */
  quantity(parameter: string): number;
  /** Expressions that are the same for all synapses. */
  readonly uniforms: ReadonlyMap<Node, Fixed>;
  local(name: string): LoweredLocal;
}

const arithmetic: Readonly<Record<string, number>> = {
  '+': vector.add,
  '-': vector.subtract,
  '*': vector.multiply,
  '/': vector.divide,
};

const comparisons: Readonly<Record<string, number>> = {
  ...{ '<': vector.less, '<=': vector.lessEqual, '>': vector.greater, '>=': vector.greaterEqual },
  ...{ '==': vector.equal, '===': vector.equal, '!=': vector.notEqual, '!==': vector.notEqual },
};

/** Functions of the kernels' module, by the operator or the function of Math that they stand for. */
const called: Readonly<Record<string, readonly [name: string, parameters: number]>> = {
  ...{
    exp: ['exp4', 1],
    log: ['log4', 1],
    tanh: ['tanh4', 1],
    pow: ['pow4', 2],
    '**': ['pow4', 2],
    '%': ['remainder4', 2],
    '&': ['bitAnd4', 2],
    '|': ['bitOr4', 2],
    '^': ['bitXor4', 2],
    '<<': ['shiftLeft4', 2],
    '>>': ['shiftRight4', 2],
  },
};

/** One instruction each. Minimum and maximum treat NaN and -0 as JavaScript's do. */
const direct: Readonly<Record<string, number>> = {
  ...{ abs: vector.abs, sqrt: vector.root, min: vector.minimum, max: vector.maximum },
  ...{ floor: vector.floor, ceil: vector.ceil, trunc: vector.trunc },
};

/** The code of an audited expression. Both sides of a choice are worked out, and one is taken lane by lane. */
export function lowerExpression(node: Node, names: Names): Lowered {
  const uniform = names.uniforms.get(node);
  if (uniform !== undefined) return { code: get(names.pass.fixed(uniform)), kind: uniform.kind };
  switch (node.type) {
    case 'Identifier': {
      const { index, kind } = names.local((node as Identifier).name);
      return { code: get(index), kind };
    }
    case 'MemberExpression':
      return number(get(names.quantity(((node as MemberExpression).object as Identifier).name)));
    case 'CallExpression':
      return call(node as CallExpression, names);
    case 'UnaryExpression':
      return unary(node as UnaryExpression, names);
    case 'BinaryExpression':
      return binary(node as BinaryExpression, names);
    case 'LogicalExpression': {
      const { operator, left, right } = node as LogicalExpression;
      const both = [...lowerTruth(left, names), ...lowerTruth(right, names)];
      return truth([...both, ...simd(operator === '&&' ? vector.and : vector.or)]);
    }
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as ConditionalExpression;
      const [chosen, other] = [lowerExpression(consequent, names), lowerExpression(alternate, names)];
      return { code: select(chosen.code, other.code, lowerTruth(test, names)), kind: chosen.kind };
    }
    default:
      throw unknown(node);
  }
}

/** A mask: a truth value as it is, a number as whether it is neither 0 nor NaN. */
export function lowerTruth(node: Node, names: Names): number[] {
  const { code, kind } = lowerExpression(node, names);
  if (kind === 'boolean') return code;
  // |x| > 0 is false for 0 and NaN.
  return [...code, ...simd(vector.abs), ...splat(0), ...simd(vector.greater)];
}

export function unknown(node: Node): MetaplastError {
  return new MetaplastError({ what: 'The simd engine cannot lower this part of a rule', got: node.type });
}

const number = (code: number[]): Lowered => ({ code, kind: 'number' });
const truth = (code: number[]): Lowered => ({ code, kind: 'boolean' });

function call({ callee, arguments: given }: CallExpression, names: Names): Lowered {
  const of = ((callee as MemberExpression).property as Identifier).name;
  const values = given.map((argument) => lowerExpression(argument, names).code);
  if (of === 'sign') return number(sign(values[0]!, names.pass));
  if (of === 'round') return number(round(values[0]!, names.pass));
  const instruction = direct[of];
  if (instruction === undefined) return number([...values.flat(), ...names.pass.call(...called[of]!)]);
  // Of one argument, or of two and more, pair by pair.
  const [first, ...rest] = values;
  if (rest.length === 0) return number([...first!, ...simd(instruction)]);
  return number([...first!, ...rest.flatMap((value) => [...value, ...simd(instruction)])]);
}

/** 1 with the sign of x; x itself where that is 0, -0 or NaN. */
function sign(x: number[], pass: PassCode): number[] {
  const local = pass.local();
  const signBit = [...splat(-0), ...get(local), ...simd(vector.and)];
  const one = [...splat(1), ...signBit, ...simd(vector.or)];
  const nonZero = [...get(local), ...simd(vector.abs), ...splat(0), ...simd(vector.greater)];
  return [...x, ...set(local), ...select(one, get(local), nonZero)];
}

/** The nearest whole number, the larger one of two; 0 has the sign of x, as JavaScript has it. x - floor(x) is exact in float32. */
function round(x: number[], pass: PassCode): number[] {
  const [given, down] = [pass.local(), pass.local()];
  const signBit = [...splat(-0), ...get(given), ...simd(vector.and)];
  const up = [...get(down), ...splat(1), ...simd(vector.add)];
  const isNearerUp = [
    ...get(given),
    ...get(down),
    ...simd(vector.subtract),
    ...splat(0.5),
    ...simd(vector.greaterEqual),
  ];
  const floor = [...x, ...set(given), ...get(given), ...simd(vector.floor), ...set(down)];
  return [...floor, ...select(up, get(down), isNearerUp), ...signBit, ...simd(vector.or)];
}

function unary({ operator, argument }: UnaryExpression, names: Names): Lowered {
  if (operator === '!') return truth([...lowerTruth(argument, names), ...simd(vector.not)]);
  const { code } = lowerExpression(argument, names);
  return number(operator === '-' ? [...code, ...simd(vector.negate)] : code);
}

function binary({ operator, left, right }: BinaryExpression, names: Names): Lowered {
  const [a, b] = [lowerExpression(left, names), lowerExpression(right, names)];
  const both = [...a.code, ...b.code];
  const function_ = called[operator];
  if (function_ !== undefined) return number([...both, ...names.pass.call(...function_)]);
  const instruction = arithmetic[operator];
  if (instruction !== undefined) return number([...both, ...simd(instruction)]);
  if (a.kind === 'number') return truth([...both, ...simd(comparisons[operator]!)]);
  // Truth values differ where their masks do.
  const differ = [...both, ...simd(vector.xor)];
  return truth(operator.startsWith('!') ? differ : [...differ, ...simd(vector.not)]);
}
