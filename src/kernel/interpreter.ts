import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  BinaryExpression,
  BlockStatement,
  CallExpression,
  ConditionalExpression,
  Expression,
  ExpressionStatement,
  ForStatement,
  FunctionExpression,
  Identifier,
  IfStatement,
  Literal,
  LogicalExpression,
  MemberExpression,
  Node,
  Pattern,
  ReturnStatement,
  Statement,
  UnaryExpression,
  UpdateExpression,
  VariableDeclaration,
} from 'acorn';
import { parse } from 'acorn';
import { KernelError } from '../core/errors';
import type { MadeFunction } from './make-function';

/** The values of one call's names; those of the function around it are one further out. */
interface Frame {
  readonly values: unknown[];
  readonly self: unknown;
  readonly around: Frame | null;
  result: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: numbers, truth values, arrays and functions, as the text has them.
type Evaluate = (frame: Frame) => any;
/** Whether it has returned. */
type Execute = (frame: Frame) => boolean;

/** The names of one function, each with its place in a frame. The language lets no name hide another. */
class Names {
  readonly places = new Map<string, number>();

  constructor(readonly around: Names | null) {}

  declare(name: string): number {
    const place = this.places.get(name) ?? this.places.size;
    this.places.set(name, place);
    return place;
  }
}

/**
 * Kernels and uniform expressions where text cannot be compiled: the syntax tree as closures, each of which does what JavaScript does there,
 * with the same numbers to the bit.
 * @throws KernelError for what is not in the language of kernels; SyntaxError where the text is none of a function.
 */
export function interpretedFunction(parameters: readonly string[], body: string): MadeFunction {
  const program = parse(`(function (${parameters.join(', ')}) {\n${body}\n})`, { ecmaVersion: 'latest' });
  const { expression } = program.body[0] as ExpressionStatement;
  return expressionIn(
    expression,
    new Names(null),
  )({ values: [], self: undefined, around: null, result: undefined });
}

function refused(node: Node, what = node.type as string): KernelError {
  return new KernelError({
    what: 'This text cannot be interpreted',
    got: what,
    legal: 'the language of kernels',
  });
}

function nameOf(node: Pattern | Expression): string {
  if (node.type === 'Identifier') return node.name;
  throw refused(node);
}

function expressionIn(node: Expression | Node, names: Names): Evaluate {
  switch (node.type) {
    case 'Literal': {
      const { value } = node as Literal;
      return () => value;
    }
    case 'ParenthesizedExpression':
      return expressionIn((node as Node & { expression: Expression }).expression, names);
    case 'Identifier':
      return variable((node as Identifier).name, names, node);
    case 'ThisExpression':
      return (frame) => frame.self;
    case 'MemberExpression':
      return member(node as MemberExpression, names);
    case 'CallExpression':
      return call(node as CallExpression, names);
    case 'UnaryExpression':
      return unary(node as UnaryExpression, names);
    case 'BinaryExpression': {
      const { operator, left, right } = node as BinaryExpression;
      return binary(operator, expressionIn(left, names), expressionIn(right, names), node);
    }
    case 'LogicalExpression': {
      const { operator, left, right } = node as LogicalExpression;
      const [a, b] = [expressionIn(left, names), expressionIn(right, names)];
      if (operator === '&&') return (frame) => a(frame) && b(frame);
      if (operator === '||') return (frame) => a(frame) || b(frame);
      throw refused(node, operator);
    }
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as ConditionalExpression;
      const [t, a, b] = [test, consequent, alternate].map((part) => expressionIn(part, names)) as [
        Evaluate,
        Evaluate,
        Evaluate,
      ];
      return (frame) => (t(frame) ? a(frame) : b(frame));
    }
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return functionIn(node as ArrowFunctionExpression | FunctionExpression, names);
    default:
      throw refused(node);
  }
}

const constants: Readonly<Record<string, unknown>> = { Infinity, NaN: Number.NaN, undefined: undefined };

/** Where a name lives: how many functions further out, and its place there. */
function find(name: string, names: Names): { readonly out: number; readonly place: number } | null {
  let out = 0;
  for (let at: Names | null = names; at !== null; at = at.around, out++) {
    const place = at.places.get(name);
    if (place !== undefined) return { out, place };
  }
  return null;
}

function variable(name: string, names: Names, node: Node): Evaluate {
  const found = find(name, names);
  if (found === null) {
    if (!Object.hasOwn(constants, name)) throw refused(node, `the name ${name}`);
    return () => constants[name];
  }
  const { out, place } = found;
  if (out === 0) return (frame) => frame.values[place];
  if (out === 1) return (frame) => frame.around!.values[place];
  return (frame) => {
    let at = frame;
    for (let i = 0; i < out; i++) at = at.around!;
    return at.values[place];
  };
}

const isMath = (node: Node, names: Names): boolean =>
  node.type === 'Identifier' && (node as Identifier).name === 'Math' && find('Math', names) === null;

function member({ object, property, computed }: MemberExpression, names: Names): Evaluate {
  if (isMath(object, names) && !computed) {
    const value = Math[(property as Identifier).name as 'PI'];
    return () => value;
  }
  const of = expressionIn(object, names);
  if (computed) {
    const key = expressionIn(property as Expression, names);
    return (frame) => of(frame)[key(frame)];
  }
  const { name } = property as Identifier;
  return (frame) => of(frame)[name];
}

function call({ callee, arguments: given }: CallExpression, names: Names): Evaluate {
  const parts = given.map((part) => expressionIn(part, names));
  const own = expressionIn(callee, names);
  const [first, second] = parts as [Evaluate, Evaluate];
  const isFixed = callee.type === 'MemberExpression' && isMath(callee.object, names);
  if (isFixed && parts.length === 1) {
    const of = own(undefined as never) as MadeFunction;
    return (frame) => of(first(frame));
  }
  if (isFixed && parts.length === 2) {
    const of = own(undefined as never) as MadeFunction;
    return (frame) => of(first(frame), second(frame));
  }
  return (frame) => own(frame)(...parts.map((part) => part(frame)));
}

function unary({ operator, argument }: UnaryExpression, names: Names): Evaluate {
  const of = expressionIn(argument, names);
  switch (operator) {
    case '-':
      return (frame) => -of(frame);
    case '+':
      return (frame) => +of(frame);
    case '!':
      return (frame) => !of(frame);
    case '~':
      return (frame) => ~of(frame);
    default:
      throw refused(argument, operator);
  }
}

function binary(operator: string, a: Evaluate, b: Evaluate, node: Node): Evaluate {
  switch (operator) {
    case '+':
      return (frame) => a(frame) + b(frame);
    case '-':
      return (frame) => a(frame) - b(frame);
    case '*':
      return (frame) => a(frame) * b(frame);
    case '/':
      return (frame) => a(frame) / b(frame);
    case '%':
      return (frame) => a(frame) % b(frame);
    case '**':
      return (frame) => a(frame) ** b(frame);
    case '&':
      return (frame) => a(frame) & b(frame);
    case '|':
      return (frame) => a(frame) | b(frame);
    case '^':
      return (frame) => a(frame) ^ b(frame);
    case '<<':
      return (frame) => a(frame) << b(frame);
    case '>>':
      return (frame) => a(frame) >> b(frame);
    case '<':
      return (frame) => a(frame) < b(frame);
    case '<=':
      return (frame) => a(frame) <= b(frame);
    case '>':
      return (frame) => a(frame) > b(frame);
    case '>=':
      return (frame) => a(frame) >= b(frame);
    // Both sides are numbers or truth values, of which a rule may compare one with the other.
    case '==':
      // biome-ignore lint/suspicious/noDoubleEquals: what the text says.
      return (frame) => a(frame) == b(frame);
    case '!=':
      // biome-ignore lint/suspicious/noDoubleEquals: what the text says.
      return (frame) => a(frame) != b(frame);
    case '===':
      return (frame) => a(frame) === b(frame);
    case '!==':
      return (frame) => a(frame) !== b(frame);
    default:
      throw refused(node, operator);
  }
}

function functionIn(node: ArrowFunctionExpression | FunctionExpression, around: Names): Evaluate {
  if (node.async || node.generator) throw refused(node);
  const names = new Names(around);
  const count = node.params.map((parameter) => names.declare(nameOf(parameter))).length;
  const isArrow = node.type === 'ArrowFunctionExpression';
  const run: Execute =
    node.body.type === 'BlockStatement'
      ? statementIn(node.body, names)
      : returning(expressionIn(node.body, names));
  return (outer) =>
    function (this: unknown, ...given: unknown[]) {
      given.length = count;
      const frame: Frame = {
        values: given,
        self: isArrow ? outer.self : this,
        around: outer,
        result: undefined,
      };
      run(frame);
      return frame.result;
    };
}

const returning =
  (of: Evaluate): Execute =>
  (frame) => {
    frame.result = of(frame);
    return true;
  };

function statementIn(node: Statement | Node, names: Names): Execute {
  switch (node.type) {
    case 'EmptyStatement':
      return () => false;
    case 'BlockStatement': {
      const parts = (node as BlockStatement).body.map((part) => statementIn(part, names));
      return (frame) => {
        for (let i = 0; i < parts.length; i++) if (parts[i]!(frame)) return true;
        return false;
      };
    }
    case 'ReturnStatement': {
      const { argument } = node as ReturnStatement;
      return returning(argument ? expressionIn(argument, names) : () => undefined);
    }
    case 'VariableDeclaration':
      return declaration(node as VariableDeclaration, names);
    case 'ExpressionStatement':
      return effect((node as ExpressionStatement).expression, names);
    case 'IfStatement': {
      const { test, consequent, alternate } = node as IfStatement;
      const t = expressionIn(test, names);
      const a = statementIn(consequent, names);
      const b = alternate ? statementIn(alternate, names) : () => false;
      return (frame) => (t(frame) ? a(frame) : b(frame));
    }
    case 'ForStatement':
      return loop(node as ForStatement, names);
    default:
      throw refused(node);
  }
}

function declaration({ declarations }: VariableDeclaration, names: Names): Execute {
  const parts = declarations.map(({ id, init }) => {
    const of: Evaluate = init ? expressionIn(init, names) : () => undefined;
    const place = names.declare(nameOf(id));
    return (frame: Frame) => {
      frame.values[place] = of(frame);
    };
  });
  return (frame) => {
    for (const part of parts) part(frame);
    return false;
  };
}

/** What an expression does that stands as a statement. */
function effect(node: Expression, names: Names): Execute {
  if (node.type === 'UpdateExpression') {
    const { argument, operator } = node as UpdateExpression;
    const of = expressionIn(argument, names);
    const by = operator === '++' ? 1 : -1;
    return assigned(argument, (frame) => of(frame) + by, names);
  }
  if (node.type === 'AssignmentExpression') {
    const { left, operator, right } = node as AssignmentExpression;
    const of = expressionIn(right, names);
    if (operator === '=') return assigned(left, of, names);
    return assigned(left, binary(operator.slice(0, -1), expressionIn(left, names), of, node), names);
  }
  const of = expressionIn(node, names);
  return (frame) => {
    of(frame);
    return false;
  };
}

function assigned(target: Node, of: Evaluate, names: Names): Execute {
  if (target.type === 'MemberExpression') {
    const { object, property, computed } = target as MemberExpression;
    if (!computed) throw refused(target);
    const [into, key] = [expressionIn(object, names), expressionIn(property as Expression, names)];
    return (frame) => {
      into(frame)[key(frame)] = of(frame);
      return false;
    };
  }
  const name = nameOf(target as Pattern);
  const found = find(name, names);
  // Helpers assign to nothing outside.
  if (found === null || found.out > 0) throw refused(target, `an assignment to ${name}`);
  const { place } = found;
  return (frame) => {
    frame.values[place] = of(frame);
    return false;
  };
}

function loop({ init, test, update, body }: ForStatement, names: Names): Execute {
  if (init?.type !== 'VariableDeclaration' || !test || !update)
    throw refused(body, 'a loop that does not count');
  const begin = statementIn(init, names);
  const goesOn = expressionIn(test, names);
  const next = effect(update, names);
  const run = statementIn(body, names);
  return (frame) => {
    for (begin(frame); goesOn(frame); next(frame)) if (run(frame)) return true;
    return false;
  };
}
