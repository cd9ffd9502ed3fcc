import type { IfStatement, Node, ReturnStatement } from 'acorn';
import { KernelError } from '../core/errors';
import { childrenOf, type KernelSyntax, lineIn } from './source';

const nested = /^(Function|ArrowFunction|Class)/;

/** The return statements of a function, not those of functions inside it. */
function returnsIn(node: Node): ReturnStatement[] {
  if (node.type === 'ReturnStatement') return [node as ReturnStatement];
  return childrenOf(node)
    .filter((child) => !nested.test(child.type))
    .flatMap(returnsIn);
}

/** Whether control never runs past this statement. A statement outside the dialect gets the benefit of the doubt. */
function ends(node: Node): boolean {
  if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') return true;
  if (node.type === 'BlockStatement') return childrenOf(node).some(ends);
  if (node.type === 'IfStatement') {
    const { consequent, alternate } = node as IfStatement;
    return alternate != null && ends(consequent) && ends(alternate);
  }
  if (
    /^(Expression|Empty|Debugger|For)Statement$|^VariableDeclaration$/.test(node.type) ||
    nested.test(node.type)
  ) {
    return false;
  }
  return returnsIn(node).length > 0;
}

/** @throws KernelError where a function returns nothing, on all of its paths or on one of them. */
export function checkReturns({ node, lineOf }: KernelSyntax): void {
  const returns = returnsIn(node.body);
  const legal = 'a kernel returns one number on every path';
  if (!returns.some(({ argument }) => argument != null)) {
    throw new KernelError({ what: 'The rule returns no value', legal });
  }
  const bare = returns.find(({ argument }) => argument == null);
  if (bare !== undefined) {
    throw new KernelError({
      what: `The rule returns no value at line ${lineIn({ lineOf }, bare.loc!)}`,
      legal,
    });
  }
  if (!ends(node.body)) {
    throw new KernelError({
      what: 'The rule has a path that returns no value',
      legal,
      advice: 'End the function with a return, or give each if an else that returns',
    });
  }
}
