import {
  type ArrowFunctionExpression,
  type BlockStatement,
  type FunctionDeclaration,
  type FunctionExpression,
  type MemberExpression,
  type Node,
  parse,
  type SourceLocation,
} from 'acorn';
import { KernelError } from '../core/errors';
import { RecentlyUsed } from '../core/recently-used';

/** What a kernel's `this` holds: the number of the synapse at work. */
export interface KernelThis {
  thread: { x: number };
}

/** A rule as its author writes it: called once a synapse, returns that synapse's new number. */
// biome-ignore lint/suspicious/noExplicitAny: arrays and scalars come in the order that each rule chooses.
export type KernelFunction = (this: KernelThis, ...args: any[]) => number;

/** The syntax tree of one ordinary function, whose positions count from the start of `text`. */
export interface KernelSyntax {
  readonly text: string;
  readonly node: FunctionDeclaration | FunctionExpression;
  /** What the text says, where it says an arrow function; `node` is then the ordinary function that means the same. */
  readonly arrow?: ArrowFunctionExpression;
  /** A line and column of the text, as the line that its user knows; as it stands where left out. */
  readonly lineOf?: (line: number, column: number) => number;
}

/** The line of a node's start, as its user counts. */
export const lineIn = ({ lineOf }: Pick<KernelSyntax, 'lineOf'>, { start }: SourceLocation): number =>
  lineOf === undefined ? start.line : lineOf(start.line, start.column);

/** Taken at load time, so that neither an own `toString` nor a later patch of the prototype can show other text. */
const functionText = Function.prototype.toString;

/** Every node of acorn's tree has these, and fields of its own that hold nodes or lists of nodes. */
export type AnyNode = Node & Record<string, unknown>;

/** The nodes directly below this one, in the order of the text. */
export function childrenOf(node: Node): AnyNode[] {
  const isNode = (value: unknown): value is AnyNode =>
    typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';
  return Object.values(node).flat().filter(isNode);
}

/** The source text of a rule: the text itself, or what the engine holds for the function, never its own `toString`. */
export function sourceOf(rule: KernelFunction | string): string {
  if (typeof rule === 'string') return rule;
  if (typeof rule !== 'function') {
    throw new KernelError({ what: 'A rule must be a function or its source text', got: rule });
  }
  return functionText.call(rule);
}

/**
 * An ordinary function, or an arrow as the ordinary function that means the same in GPU.js: `this` is then its own.
 * @throws KernelError for anything else: an async function, a generator, a class.
 */
export function functionOf(node: Node): Pick<KernelSyntax, 'node' | 'arrow'> {
  const { async, expression, body } = node as ArrowFunctionExpression;
  if (node.type !== 'ArrowFunctionExpression' || async) return { node: ordinaryFunction(node) };
  const arrow = node as ArrowFunctionExpression;
  const { start, end, loc } = body;
  const result = { type: 'ReturnStatement', start, end, loc, argument: body };
  const block = expression ? { type: 'BlockStatement', start, end, loc, body: [result] } : body;
  const ordinary = { ...arrow, type: 'FunctionExpression', id: null, expression: false, body: block };
  return { node: ordinary as unknown as FunctionExpression, arrow };
}

function ordinaryFunction(node: Node): KernelSyntax['node'] {
  const { async, generator } = node as FunctionExpression;
  const type: string = node.type;
  const kind = async
    ? 'an async function'
    : generator
      ? 'a generator'
      : /^Class/.test(type)
        ? 'a class'
        : type;
  if (async || generator || !/^Function(Declaration|Expression)$/.test(type)) {
    throw new KernelError({
      what: 'A rule kernel must be one function',
      got: kind,
      legal: 'function name(phi, omega, rate) { ... return number; } or an arrow function',
    });
  }
  return node as KernelSyntax['node'];
}

function unparsable(text: string, error: unknown): KernelError {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
    return new KernelError({
      what: 'The function is bound or native, so its source text cannot be read',
      advice: 'Pass the function itself, as written',
    });
  }
  try {
    parse(`({${text}\n})`, { ecmaVersion: 'latest' });
  } catch {
    return new KernelError({ what: `The rule's source text cannot be parsed: ${(error as Error).message}` });
  }
  return new KernelError({
    what: 'A rule kernel must be one ordinary function',
    got: 'a method',
    legal: 'function name(phi, omega, rate) { ... return number; }',
  });
}

/** The trees of the texts parsed last: to define a kernel, its text is audited, cut out and asked for its parameters' roles. */
const parsed = new RecentlyUsed<string, KernelSyntax>(4);

/**
 * Parses the text of one function. Nothing may stand beside it except comments.
 * @returns its tree, which is shared: it must not be changed.
 * @throws KernelError where the text is not one ordinary function.
 */
export function parseKernel(text: string): KernelSyntax {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const syntax = parseAnew(text);
  parsed.set(text, syntax);
  return syntax;
}

function parseAnew(text: string): KernelSyntax {
  // In brackets an anonymous function is an expression too. The bracket stands where a blank would, so that
  // positions are those of `' ' + text`.
  const padded = ` ${text}\n`;
  let body: Node[];
  try {
    body = parse(`(${text}\n)`, { ecmaVersion: 'latest', locations: true }).body;
  } catch (error) {
    try {
      body = parse(padded, { ecmaVersion: 'latest', locations: true }).body;
    } catch {
      throw unparsable(text, error);
    }
  }
  const [statement] = body.filter((node) => node.type !== 'EmptyStatement');
  if (statement === undefined || body.some((node) => node.type !== 'EmptyStatement' && node !== statement)) {
    throw new KernelError({ what: 'The text of a rule must hold exactly one function', got: text });
  }
  const node =
    statement.type === 'ExpressionStatement'
      ? (statement as AnyNode & { expression: Node }).expression
      : statement;
  return { text: padded, ...functionOf(node) };
}

/**
 * The function's own text, without anything beside it; an arrow's as an ordinary function. A leading 'use strict' is
 * blanked out: nothing in the dialect depends on it, and GPU.js compiles no directive.
 */
export function kernelText({ text, node, arrow }: KernelSyntax): string {
  const block = blockText(text, node.body);
  if (arrow === undefined) return text.slice(node.start, node.body.start) + block;
  const parameters = node.params.map(({ start, end }) => text.slice(start, end)).join(', ');
  return `function (${parameters}) ${arrow.expression ? `{ return (${block}\n); }` : block}`;
}

function blockText(text: string, { start, end, body }: BlockStatement): string {
  const [first] = body as (Node & { directive?: string })[];
  if (first?.directive === undefined) return text.slice(start, end);
  const blank = text.slice(first.start, first.end).replace(/\S/g, ' ');
  return text.slice(start, first.start) + blank + text.slice(first.end, end);
}

/** Whether an audited expression is `this.thread.x`, to which a const gives another name: nothing else reads from what was read. */
export const isIndex = (node: Node): boolean =>
  node.type === 'MemberExpression' && (node as MemberExpression).object.type === 'MemberExpression';
