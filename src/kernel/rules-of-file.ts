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
  SequenceExpression,
  TemplateLiteral,
} from 'acorn';
import { KernelError } from '../core/errors';
import { onlyValue } from './only-value';
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
      if (wordOf(imported) === name) names.add(local.name);
    }
    if (node.type === 'Property') {
      const { key, value } = node as Property; // const { defineRule: rule } = require('metaplast')
      if (wordOf(key) === name && value.type === 'Identifier') names.add((value as Identifier).name);
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return names;
}

/** A name, or the text that stands for one. */
const wordOf = (node: Node): unknown => (node as Identifier).name ?? (node as Literal).value;

/** What is called: of `(0, rules.defineRule)(...)`, which compilers write, the last. */
function calledIn({ callee }: CallExpression): Node {
  return callee.type === 'SequenceExpression' ? (callee as SequenceExpression).expressions.at(-1)! : callee;
}

/** Where a function of metaplast is named: in calls of it, and elsewhere. */
interface Mentions {
  readonly calls: readonly CallExpression[];
  /** Where it is handed on instead of called, so that its calls cannot be seen. */
  readonly others: readonly Node[];
}

const declaring = /^(Import|Export)(Default|Namespace)?Specifier$|^(Function|Class)Declaration$|^Property$/;

/** Every mention of a function of metaplast, by one of its names or as a property of what was imported. */
export function mentionsOf(program: Program, name: string): Mentions {
  const names = namesFor(program, name);
  const isIt = (node: Node): boolean => {
    if (node.type === 'Identifier') return names.has((node as Identifier).name);
    return node.type === 'MemberExpression' && wordOf((node as MemberExpression).property) === name;
  };
  const calls: CallExpression[] = [];
  const others: Node[] = [];
  const visit = (node: Node, parent: Node): void => {
    if (node.type === 'CallExpression' && isIt(calledIn(node as CallExpression))) {
      calls.push(node as CallExpression);
      for (const part of (node as CallExpression).arguments) visit(part, node);
      return;
    }
    if (isIt(node) && !declaring.test(parent.type)) {
      others.push(node);
      return;
    }
    const isKey = node.type === 'MemberExpression' && !(node as MemberExpression).computed;
    for (const part of isKey ? [(node as MemberExpression).object] : childrenOf(node)) visit(part, node);
  };
  visit(program, program);
  return { calls, others };
}

/**
 * The kernels of all rules that a file defines, from its text alone: functions, arrows and texts that stand in calls of `defineRule`
 * and `defineKernel`, or in consts that these are given.
 * @param lineOf a line of the text as its user counts it
 * @throws KernelError where a call is given something that its text does not tell.
 */
export function rulesOfFile(program: Program, text: string, lineOf: KernelSyntax['lineOf']): KernelOfFile[] {
  const behind = (node: Node): Node =>
    node.type === 'Identifier' ? (onlyValue(program, node as Identifier) ?? node) : node;
  const at = (node: Node): number => {
    const { line, column } = node.loc!.start;
    return lineOf === undefined ? line : lineOf(line, column);
  };
  const untold = (node: Node, what: string): KernelError =>
    new KernelError({
      what: `${what} at line ${at(node)} cannot be told from the text`,
      got: text.slice(node.start, node.end).replace(/\s+/g, ' ').slice(0, 80),
      legal:
        'functions or texts in the call itself, or consts of them whose names are declared once in the file',
    });
  const callsOf = (name: string): readonly CallExpression[] => {
    const { calls, others } = mentionsOf(program, name);
    if (others.length > 0) throw untold(others[0]!, `What is defined by ${name}, which is handed on`);
    return calls;
  };
  const kernel = (rule: string | null, writes: string | null, given: Node): KernelOfFile => {
    const node = behind(given);
    const syntax = kernelIn(node, text, lineOf, at(node));
    if (syntax === undefined) throw untold(given, 'A kernel');
    return { rule, writes, line: at(node), syntax };
  };
  const ofRules = callsOf('defineRule').flatMap((call) => {
    const [name, kernels] = call.arguments;
    if (name === undefined || kernels === undefined) throw untold(call, 'A rule');
    const written = behind(kernels);
    if (written.type !== 'ObjectExpression') throw untold(kernels, "A rule's kernels");
    const label = textIn(behind(name)) ?? null;
    const { properties } = written as ObjectExpression;
    if (properties.length === 0) {
      throw new KernelError({
        what: `The rule at line ${at(call)} writes nothing`,
        legal: 'one kernel or more',
      });
    }
    return properties.map((property) => {
      const { computed, key, value, method, kind } = property as Property;
      if (method) {
        throw new KernelError({
          what: `A kernel must be one function, and the one at line ${at(property)} is a method`,
          got: String(wordOf(key)),
          legal: `${String(wordOf(key))}: function (phi, rate) { ... } or an arrow function`,
        });
      }
      if (property.type !== 'Property' || computed || kind !== 'init')
        throw untold(property, "A rule's kernel");
      return kernel(label, (key as Identifier).name ?? String((key as Literal).value), value);
    });
  });
  const alone = callsOf('defineKernel').map((call) => {
    const [given] = call.arguments;
    if (given === undefined) throw untold(call, 'A kernel');
    return kernel(null, null, given);
  });
  return [...ofRules, ...alone];
}

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
  if (written !== undefined) {
    // Line by line where the text stands as it is; where it has escapes, at its beginning.
    const isPlain =
      node.type === 'TemplateLiteral' && (node as TemplateLiteral).quasis[0]!.value.raw === written;
    return { ...parseKernel(written), lineOf: (inside) => line + (isPlain ? inside - 1 : 0) };
  }
  if (!/^(Arrow)?Function/.test((node as AnyNode).type)) return undefined;
  return { text, ...functionOf(node), lineOf };
}
