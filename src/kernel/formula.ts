import type {
  AssignmentExpression,
  BinaryExpression,
  BlockStatement,
  CallExpression,
  ConditionalExpression,
  ExpressionStatement,
  Identifier,
  IfStatement,
  LogicalExpression,
  MemberExpression,
  Node,
  ReturnStatement,
  UnaryExpression,
  VariableDeclaration,
} from 'acorn';
import { auditLocality } from './audit-locality';
import { coreForm, TooManyCopies } from './core-form';
import { identifier } from './nodes';
import { parseKernel } from './source';

/** Of the one expression that a kernel comes to; a longer one says nothing to people. */
const mostNodes = 2000;

class TooLong extends Error {}

/**
 * The one expression in its parameters that a kernel returns: locals are put in, loops written out, branches are conditions. Its identifiers
 * are the kernel's parameters, whether these are arrays or numbers. The kernel's text is read and never run.
 * @returns null where the expression would be too long to be read
 * @throws KernelError where the text is no kernel; it may come from a file.
 */
export function formulaOf(source: string): Node | null {
  const { violations } = auditLocality(source);
  if (violations.length > 0) return null;
  try {
    return new Inliner().run(coreForm(parseKernel(source)), new Locals());
  } catch (error) {
    if (error instanceof TooManyCopies || error instanceof TooLong) return null;
    throw error;
  }
}

/** An expression that a local stands for, and of how many nodes it is wherever it is put in. */
interface Local {
  readonly node: Node;
  readonly nodes: number;
}

/** Expressions that locals stand for, in blocks within blocks. */
class Locals {
  constructor(private readonly scopes: readonly Map<string, Local>[] = [new Map()]) {}

  inner(): Locals {
    return new Locals([...this.scopes, new Map()]);
  }

  outer(): Locals {
    return new Locals(this.scopes.slice(0, -1));
  }

  copy(): Locals {
    return new Locals(this.scopes.map((scope) => new Map(scope)));
  }

  get(name: string): Local | undefined {
    return this.scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  declare(name: string, value: Local): void {
    this.scopes.at(-1)!.set(name, value);
  }

  assign(name: string, value: Local): void {
    this.scopes.findLast((scope) => scope.has(name))!.set(name, value);
  }
}

class Inliner {
  private nodes = 0;

  /** What the statements return, or what `then` makes of the locals that they leave. */
  run(statements: readonly Node[], locals: Locals, then: (locals: Locals) => Node = nothing): Node {
    for (const [i, statement] of statements.entries()) {
      const rest = (left: Locals): Node => this.run(statements.slice(i + 1), left, then);
      switch (statement.type) {
        case 'ReturnStatement':
          return this.inline((statement as ReturnStatement).argument!, locals);
        case 'BlockStatement':
          return this.run((statement as BlockStatement).body, locals.inner(), (left) => rest(left.outer()));
        case 'IfStatement': {
          const { test, consequent, alternate } = statement as IfStatement;
          const branch = (of: Node | null | undefined): Node =>
            this.run(of ? [of] : [], locals.copy(), (left) => rest(left));
          const condition = this.inline(test, locals);
          return this.made({
            ...{ type: 'ConditionalExpression', test: condition, start: 0, end: 0 },
            ...{ consequent: branch(consequent), alternate: branch(alternate) },
          } as Node);
        }
        case 'VariableDeclaration':
          for (const { id, init } of (statement as VariableDeclaration).declarations)
            locals.declare((id as Identifier).name, this.local(init!, locals));
          break;
        case 'ExpressionStatement': {
          const { left, right } = (statement as ExpressionStatement).expression as AssignmentExpression;
          locals.assign((left as Identifier).name, this.local(right, locals));
          break;
        }
        default:
          throw new TooLong();
      }
    }
    return then(locals);
  }

  private inline(node: Node, locals: Locals): Node {
    const inner = <T extends Node>(of: T): Node => this.inline(of, locals);
    switch (node.type) {
      case 'Identifier':
        return this.put(locals.get((node as Identifier).name), node);
      case 'MemberExpression': {
        const { object, computed } = node as MemberExpression;
        return this.made(computed ? identifier((object as Identifier).name) : node);
      }
      case 'CallExpression':
        return this.made({ ...node, arguments: (node as CallExpression).arguments.map(inner) } as Node);
      case 'UnaryExpression':
        return this.made({ ...node, argument: inner((node as UnaryExpression).argument) } as Node);
      case 'BinaryExpression':
      case 'LogicalExpression': {
        const { left, right } = node as BinaryExpression | LogicalExpression;
        return this.made({ ...node, left: inner(left), right: inner(right) } as Node);
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as ConditionalExpression;
        const parts = { test: inner(test), consequent: inner(consequent), alternate: inner(alternate) };
        return this.made({ ...node, ...parts } as Node);
      }
      default:
        return this.made(node);
    }
  }

  private local(value: Node, locals: Locals): Local {
    const before = this.nodes;
    const node = this.inline(value, locals);
    return { node, nodes: this.nodes - before };
  }

  /** A local's expression counts each time that it is put in: it is walked as often. */
  private put(local: Local | undefined, node: Node): Node {
    return this.made(local?.node ?? node, local?.nodes);
  }

  private made(node: Node, nodes = 1): Node {
    this.nodes += nodes;
    if (this.nodes > mostNodes) throw new TooLong();
    return node;
  }
}

/** An audited kernel returns on every path. */
function nothing(): Node {
  throw new TooLong();
}
