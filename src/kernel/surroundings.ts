import type { Identifier, Literal, MemberExpression, Node, Program } from 'acorn';
import type { Violation } from '../core/errors';
import { namesIn } from './names';
import { type AnyNode, childrenOf, type KernelSyntax, lineIn } from './source';

const builtIn = new Set(['Math', 'Infinity']);
/** Names that reach the global object, and so Math, without naming it. */
const doors = new Set(['globalThis', 'global', 'eval', 'Function', 'Reflect']);
const knownOfMath = new Set(Object.getOwnPropertyNames(Math));
const bindings = /^(VariableDeclarator|Function(Declaration|Expression)|Class(Declaration|Expression))$/;
const specifiers = /^Import(Default|Namespace)?Specifier$/;
const patterns = /^(Array|Object|Assignment)Pattern$|^RestElement$/;

/** The names that one node binds for the code around or inside it. */
function boundBy(node: AnyNode): Node[] {
  const parts = bindings.test(node.type) ? [node.id, ...((node.params as Node[]) ?? [])] : [];
  if (node.type === 'ArrowFunctionExpression') parts.push(...(node.params as Node[]));
  if (node.type === 'CatchClause') parts.push(node.param);
  if (specifiers.test(node.type)) parts.push(node.local);
  return parts.filter((part): part is Node => part != null);
}

/** Whether a member expression stands where something is written or deleted. */
function isWritten(node: Node, parent: AnyNode | undefined): boolean {
  if (parent === undefined) return false;
  if (patterns.test(parent.type)) return true;
  if (parent.type === 'Property') return parent.value === node;
  if (parent.type === 'UnaryExpression') return parent.operator === 'delete';
  if (parent.type === 'UpdateExpression') return true;
  return /^(AssignmentExpression|For(In|Of)Statement)$/.test(parent.type) && parent.left === node;
}

/** Whether `module` or `exports` stands in a plain assignment, a comparison, or the mark of a compiled ES module. */
function isPlainExport(node: AnyNode, above: readonly AnyNode[]): boolean {
  const [parent] = above;
  if (parent === undefined) return false;
  if (parent.type === 'BinaryExpression') return true;
  if (parent.type === 'UnaryExpression') return parent.operator === 'typeof';
  if (parent.type === 'CallExpression') {
    return ((parent.arguments as AnyNode[])[1] as unknown as Literal | undefined)?.value === '__esModule';
  }
  let target: AnyNode = node;
  let depth = 0;
  while (above[depth]?.type === 'MemberExpression' && above[depth]!.object === target) {
    const { computed, property } = above[depth] as AnyNode;
    if (computed && (property as Node).type !== 'Literal') return false;
    target = above[depth++]!;
  }
  if (node.name === 'module' && depth === 0) return false;
  const use = above[depth];
  return use?.type === 'AssignmentExpression' && use.left === target;
}

/**
 * Finds what in a kernel's file could change what Math or Infinity mean inside the kernel, or what the file exports.
 * The text of the kernels is not read here.
 * @param isExported whether it is by its export that a kernel is found
 */
export function auditSurroundings(
  { program, text, lineOf }: Pick<KernelSyntax, 'text' | 'lineOf'> & { readonly program: Program },
  kernels: readonly Node[],
  isExported: boolean,
): Violation[] {
  const found: Violation[] = [];
  const refuse = (node: Node, why: string): void => {
    const line = text.slice(node.start, node.end).replace(/\s+/g, ' ');
    const expression = line.length > 80 ? `${line.slice(0, 77)}...` : line;
    found.push({ expression, line: lineIn({ lineOf }, node.loc!), why, breaks: 'locality' });
  };
  const visit = (node: AnyNode, above: readonly AnyNode[]): void => {
    if (kernels.includes(node)) return;
    const [parent, grandparent] = above;
    const rebound = boundBy(node)
      .flatMap(namesIn)
      .find((name) => builtIn.has(name));
    if (rebound !== undefined) {
      refuse(node, `declares ${rebound} anew: the rule's ${rebound} must be the language's own`);
      return;
    }
    if (node.type === 'WithStatement') refuse(node, 'changes what names mean in this file: remove it');
    if (
      isExported &&
      node.type === 'ThisExpression' &&
      !above.some(({ type }) => /^(Function|Class)/.test(type))
    ) {
      refuse(parent ?? node, 'uses the file-level `this`, which can change what the file exports: remove it');
    }
    if (node.type === 'Identifier') {
      const { name } = node as unknown as Identifier;
      const isKey =
        (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
        (/^(Property|MethodDefinition|PropertyDefinition)$/.test(parent?.type ?? '') &&
          parent?.key === node &&
          !parent.computed &&
          !parent.shorthand);
      if (isKey) return;
      if (doors.has(name))
        refuse(parent ?? node, `uses ${name}, which can change what Math means in the rule: remove it`);
      if (isExported && (name === 'module' || name === 'exports') && !isPlainExport(node, above)) {
        refuse(parent ?? node, 'can change what the file exports: write module.exports = ...');
      }
      if (name === 'Infinity' && isWritten(node, parent)) refuse(parent!, 'assigns to Infinity: remove it');
      if (name === 'Math') {
        const member = parent?.type === 'MemberExpression' && parent.object === node ? parent : undefined;
        const key = member && !member.computed ? (member.property as Identifier).name : '';
        if (!knownOfMath.has(key) || isWritten(member as unknown as MemberExpression, grandparent)) {
          refuse(
            grandparent && member ? grandparent : (parent ?? node),
            'can change what Math means in the rule: remove it',
          );
        }
      }
    }
    for (const child of childrenOf(node)) visit(child, [node, ...above]);
  };
  visit(program as unknown as AnyNode, []);
  return found;
}
