import {
  type FunctionDeclaration,
  type FunctionExpression,
  type MemberExpression,
  type Node,
  parse,
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
}

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

/** @throws KernelError unless the node is one ordinary function: no arrow, async function, generator or class. */
export function ordinaryFunction(node: Node): KernelSyntax['node'] {
  const { async, generator } = node as FunctionExpression;
  const type: string = node.type;
  const kind = async
    ? 'an async function'
    : generator
      ? 'a generator'
      : type === 'ArrowFunctionExpression'
        ? 'an arrow function'
        : /^Class/.test(type)
          ? 'a class'
          : type;
  if (async || generator || !/^Function(Declaration|Expression)$/.test(type)) {
    throw new KernelError({
      what: 'A rule kernel must be one ordinary function',
      got: kind,
      legal: 'function name(phi, omega, rate) { ... return number; }',
      advice: 'A kernel reads this.thread.x, so it needs a `this` of its own',
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
  return { text: padded, node: ordinaryFunction(node) };
}

/**
 * The function's own text, without anything beside it. A leading 'use strict' is blanked out: nothing in the
 * dialect depends on it, and GPU.js compiles no directive.
 */
export function kernelText({ text, node }: KernelSyntax): string {
  const [first] = node.body.body as (Node & { directive?: string })[];
  if (first?.directive === undefined) return text.slice(node.start, node.end);
  const blank = text.slice(first.start, first.end).replace(/\S/g, ' ');
  return text.slice(node.start, first.start) + blank + text.slice(first.end, node.end);
}

/** Whether an audited expression is `this.thread.x`, to which a const gives another name: nothing else reads from what was read. */
export const isIndex = (node: Node): boolean =>
  node.type === 'MemberExpression' && (node as MemberExpression).object.type === 'MemberExpression';
