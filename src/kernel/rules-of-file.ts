import type {
  CallExpression,
  Identifier,
  ImportSpecifier,
  Literal,
  MemberExpression,
  Node,
  ObjectExpression,
  Program,
  Property,
  TemplateLiteral,
} from 'acorn';
import { KernelError } from '../core/errors';
import { resolveName } from './kernel-of-module';
import { type AnyNode, childrenOf, functionOf, type KernelSyntax, parseKernel } from './source';

/** One kernel that a file hands to `defineRule` or `defineKernel`. */
export interface KernelOfFile {
  /** The rule's name, where it is written in the call. */
  readonly rule: string | null;
  /** The quantity that it writes; null for a kernel by itself. */
  readonly writes: string | null;
  readonly line: number;
  readonly syntax: KernelSyntax;
}

/** The names under which a file calls a function of metaplast: its own name, and what an import calls it. */
function namesFor(program: Program, name: string): ReadonlySet<string> {
  const names = new Set([name]);
  const visit = (node: Node): void => {
    if (node.type === 'ImportSpecifier') {
      const { imported, local } = node as ImportSpecifier;
      if ((imported as Identifier).name === name) names.add(local.name);
    }
    if (node.type === 'Property') {
      const { key, value } = node as Property; // const { defineRule: rule } = require('metaplast')
      if ((key as Identifier).name === name && value.type === 'Identifier')
        names.add((value as Identifier).name);
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return names;
}

/** Every call of a function of metaplast, by one of its names or as a property of what was imported. */
export function callsOf(program: Program, name: string): CallExpression[] {
  const names = namesFor(program, name);
  const found: CallExpression[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'CallExpression') {
      const { callee } = node as CallExpression;
      const property = callee.type === 'MemberExpression' ? (callee as MemberExpression).property : undefined;
      const called = callee.type === 'Identifier' && names.has((callee as Identifier).name);
      if (called || (property as Identifier | undefined)?.name === name) found.push(node as CallExpression);
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return found;
}

/**
 * The kernels of all rules that a file defines, from its text alone: functions, arrows and texts that stand in calls of `defineRule`
 * and `defineKernel`, or in consts that these are given.
 * @param lineOf a line of the text as its user counts it
 * @throws KernelError where a call is given something that its text does not tell.
 */
export function rulesOfFile(program: Program, text: string, lineOf: KernelSyntax['lineOf']): KernelOfFile[] {
  const behind = (node: Node): Node => {
    if (node.type !== 'Identifier') return node;
    const found = resolveName(program, node as Identifier);
    // What an object holds may be changed wherever it has a name.
    const isChanged = found.type === 'ObjectExpression' && timesNamed(program, node as Identifier) > 2;
    return isChanged ? node : found;
  };
  const at = (node: Node): number => {
    const { line, column } = node.loc!.start;
    return lineOf === undefined ? line : lineOf(line, column);
  };
  const untold = (node: Node, what: string): KernelError =>
    new KernelError({
      what: `${what} at line ${at(node)} cannot be told from the text`,
      got: text.slice(node.start, node.end).replace(/\s+/g, ' ').slice(0, 80),
      legal: 'functions or texts in the call itself, or names that are declared once in the file',
    });
  const kernel = (rule: string | null, writes: string | null, given: Node): KernelOfFile => {
    const node = behind(given);
    const syntax = kernelIn(node, text, lineOf, at(node));
    if (syntax === undefined) throw untold(given, 'A kernel');
    return { rule, writes, line: at(node), syntax };
  };
  const ofRules = callsOf(program, 'defineRule').flatMap((call) => {
    const [name, kernels] = call.arguments;
    if (name === undefined || kernels === undefined) throw untold(call, 'A rule');
    const written = behind(kernels);
    if (written.type !== 'ObjectExpression') throw untold(kernels, "A rule's kernels");
    const label = textIn(behind(name)) ?? null;
    return (written as ObjectExpression).properties.map((property) => {
      const { computed, key, value, method } = property as Property;
      if (property.type !== 'Property' || computed || method) throw untold(property, "A rule's kernel");
      return kernel(label, (key as Identifier).name ?? String((key as Literal).value), value);
    });
  });
  const alone = callsOf(program, 'defineKernel').map((call) => {
    const [given] = call.arguments;
    if (given === undefined) throw untold(call, 'A kernel');
    return kernel(null, null, given);
  });
  return [...ofRules, ...alone];
}

const timesNamed = (node: Node, id: Identifier): number =>
  Number(node.type === 'Identifier' && (node as Identifier).name === id.name) +
  childrenOf(node).reduce((sum, child) => sum + timesNamed(child, id), 0);

/** The text that a node says, undefined where it says none. */
function textIn(node: Node): string | undefined {
  const { value } = node as Literal;
  if (node.type === 'Literal' && typeof value === 'string') return value;
  const { quasis, expressions } = node as TemplateLiteral;
  if (node.type === 'TemplateLiteral' && expressions.length === 0)
    return quasis[0]!.value.cooked ?? undefined;
  return undefined;
}

function kernelIn(
  node: Node,
  text: string,
  lineOf: KernelSyntax['lineOf'],
  line: number,
): KernelSyntax | undefined {
  const written = textIn(node);
  if (written !== undefined) return { ...parseKernel(written), lineOf: (inside) => line + inside - 1 };
  if (!/^(Arrow)?Function/.test((node as AnyNode).type)) return undefined;
  return { text, ...functionOf(node), lineOf };
}
