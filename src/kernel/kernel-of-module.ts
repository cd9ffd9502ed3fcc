import {
  type AssignmentExpression,
  type Identifier,
  type MemberExpression,
  type Node,
  type Program,
  parse,
  type VariableDeclarator,
} from 'acorn';
import { KernelError } from '../core/errors';
import { isChanged, namesIn } from './names';
import { type AnyNode, childrenOf, functionOf, type KernelSyntax } from './source';

const legal =
  'module.exports = function ...; or export default function ...; and one of them only; or any number of calls of defineRule';

/** Parses the text as a CommonJS file, or else as an ES module. */
export function parseFile(text: string): Program {
  const options = { ecmaVersion: 'latest', locations: true, allowHashBang: true } as const;
  try {
    return parse(text, { ...options, sourceType: 'script' });
  } catch (script) {
    try {
      return parse(text, { ...options, sourceType: 'module' });
    } catch (module) {
      const { message } = (
        /'import' and 'export'|'import.meta'/.test(String(script)) ? module : script
      ) as Error;
      throw new KernelError({ what: `The rule file cannot be parsed: ${message}` });
    }
  }
}

/** `module.exports` or `exports.default`, however it is spelled; undefined for another target. */
function targetName(node: Node): string | undefined {
  if (node.type === 'Identifier') return (node as Identifier).name;
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node as MemberExpression;
  const key = computed ? (property as Node & { value?: unknown }).value : (property as Identifier).name;
  return `${targetName(object)}.${String(key)}`;
}

const exportTargets = new Set(['module.exports', 'exports.default', 'module.exports.default']);

/** Every value that the file makes its export: assigned anywhere, or exported by default. */
function exportedValues(program: Program): Node[] {
  const found: Node[] = [];
  // TypeScript writes `exports.default = void 0` before the value proper.
  const visit = (node: Node): void => {
    if (node.type === 'AssignmentExpression') {
      const { left, right, operator } = node as AssignmentExpression;
      if (exportTargets.has(targetName(left) ?? '') || targetName(left) === 'exports') {
        if (operator !== '=') throw new KernelError({ what: `The file exports with ${operator}`, legal });
        let value: Node = right;
        while (value.type === 'AssignmentExpression') value = (value as AssignmentExpression).right;
        const isVoid = value.type === 'UnaryExpression' && (value as AnyNode).operator === 'void';
        if (targetName(left) !== 'exports' && !isVoid) found.push(value);
      }
    }
    if (node.type === 'ExportDefaultDeclaration') found.push((node as AnyNode).declaration as Node);
    if (node.type === 'ExportSpecifier') {
      const { exported, local } = node as Node & { exported: Identifier & { value?: string }; local: Node };
      if ((exported.name ?? exported.value) === 'default') found.push(local);
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return found;
}

/** The function a name stands for: declared once at file level, and never assigned again. */
function resolveName(program: Program, { name }: Identifier): Node {
  const bound: Node[] = [];
  const visit = (node: Node, outside: boolean): void => {
    if (node.type === 'VariableDeclarator' && outside) {
      const { id, init } = node as VariableDeclarator;
      if (namesIn(id).includes(name)) bound.push(id.type === 'Identifier' && init ? init : node);
    }
    if (/^(Function|Class)Declaration$/.test(node.type) && (node as { id?: Identifier }).id?.name === name) {
      bound.push(node);
    }
    if (isChanged(node, name)) bound.push(node);
    const within = outside && !/^(ArrowFunctionExpression|Function)/.test(node.type);
    for (const child of childrenOf(node)) visit(child, within);
  };
  visit(program, true);
  if (bound.length === 1) return bound[0]!;
  throw new KernelError({
    what: `The file exports ${name}, which is ${bound.length === 0 ? 'no function of this file' : 'set more than once'}`,
    legal,
  });
}

/**
 * Finds the one function that a file exports. Parses, never runs.
 * @throws KernelError where the file exports no function, more than one, or something else.
 */
export function kernelOfModule(program: Program, text: string): KernelSyntax {
  const functions = new Set<Node>();
  for (const value of exportedValues(program)) {
    functions.add(value.type === 'Identifier' ? resolveName(program, value as Identifier) : value);
  }
  const [node] = functions;
  if (node === undefined) throw new KernelError({ what: 'The file exports no rule kernel', legal });
  if (functions.size > 1) {
    const lines = [...functions].map(({ loc }) => loc?.start.line).join(', ');
    throw new KernelError({ what: `The file exports more than one candidate (lines ${lines})`, legal });
  }
  return { text, ...functionOf(node) };
}
