import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  BinaryExpression,
  BlockStatement,
  CallExpression,
  ConditionalExpression,
  ExpressionStatement,
  ForStatement,
  Identifier,
  IfStatement,
  LogicalExpression,
  MemberExpression,
  Node,
  ReturnStatement,
  UnaryExpression,
  UpdateExpression,
  VariableDeclaration,
} from 'acorn';
import { KernelError } from '../core/errors';
import { counterOf, countsOf } from './loop-counts';
import { assignment, binary, block, declaration, identifier, literal, returned } from './nodes';
import { isIndex, type KernelSyntax } from './source';
import { constant, type Uniform, uniformExpression, worth } from './uniform-expression';

/** What a name of the text stands for in the core form. */
type Binding =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'local'; readonly name: string; readonly constant: Uniform | null }
  | { readonly is: 'helper'; readonly arrow: ArrowFunctionExpression; readonly scope: Scope };
type Scope = Map<string, Binding>;

/** Copies of loops' and helpers' bodies that one kernel may come to, loops within loops multiplied. */
export const mostCopies = 1024;
/** Expressions in them: what GPU.js compiles takes it time that grows with their square, some 3 s for as many. */
export const mostCopied = 30_000;

/** A kernel that comes to more. */
export class TooManyCopies extends KernelError {
  constructor(readonly node: Node) {
    super({ what: 'The loops and helpers of a rule come to too much', legal: `${mostCopies} runs in all` });
  }
}

/**
 * The statements of an audited kernel in the core of its dialect, which is what engines lower: `const`, `let`, `=`, `if`, `return`,
 * and expressions without helpers, `~` or counts.
 *
 * - a loop is written out, once for each value of its counter, which is then a number;
 * - a call of a helper is the helper's result, with consts before the statement for what it is given and for its own;
 * - `x op= e` and `x++` are assignments.
 *
 * Nothing in the dialect has an effect but an assignment, and none stands inside an expression: so what is worked out before
 * its statement is what would have been worked out in it.
 * @throws TooManyCopies where it would be too long.
 */
export function coreForm({ node }: KernelSyntax): readonly Node[] {
  return new CoreForm().all(node.body.body, new Map());
}

class CoreForm {
  private copies = 0;
  /** Expressions in them. */
  private copied = 0;
  private named = 0;

  all(statements: readonly Node[], around: Scope): Node[] {
    const [scope, out]: [Scope, Node[]] = [new Map(around), []];
    for (const statement of statements) this.statement(statement, scope, out);
    return out;
  }

  private statement(node: Node, scope: Scope, out: Node[]): void {
    switch (node.type) {
      case 'EmptyStatement':
        return;
      case 'BlockStatement':
        out.push(block(this.all((node as BlockStatement).body, scope)));
        return;
      case 'ReturnStatement':
        out.push(returned(this.expression((node as ReturnStatement).argument!, scope, out)));
        return;
      case 'VariableDeclaration': {
        const { kind, declarations } = node as VariableDeclaration;
        for (const { id, init } of declarations) {
          const { name } = id as Identifier;
          this.declare(kind as 'const' | 'let', name, init!, scope, out, name);
        }
        return;
      }
      case 'IfStatement': {
        const { test, consequent, alternate } = node as IfStatement;
        const condition = this.expression(test, scope, out);
        const [then, otherwise] = [consequent, alternate].map((of) => of && block(this.all([of], scope)));
        out.push({ ...node, test: condition, consequent: then, alternate: otherwise } as Node);
        return;
      }
      case 'ForStatement':
        this.loop(node as ForStatement, scope, out);
        return;
      case 'ExpressionStatement':
        if ((node as Node & { directive?: string }).directive === undefined)
          this.effect((node as ExpressionStatement).expression, scope, out);
        return;
      default:
        throw new KernelError({ what: 'This part of a rule has no core form', got: node.type });
    }
  }

  private declare(
    kind: 'const' | 'let',
    name: string,
    init: Node,
    scope: Scope,
    out: Node[],
    as: string,
  ): void {
    if (init.type === 'ArrowFunctionExpression') {
      scope.set(name, { is: 'helper', arrow: init as ArrowFunctionExpression, scope: new Map(scope) });
      return;
    }
    if (isIndex(init)) return;
    const value = this.expression(init, scope, out);
    this.bind(kind, name, value, scope, out, as);
  }

  private bind(
    kind: 'const' | 'let',
    name: string,
    value: Node,
    scope: Scope,
    out: Node[],
    as: string,
  ): void {
    const uniform = kind === 'const' ? this.uniform(value, scope) : null;
    // Its value and not its text, which would hold those of all consts before it.
    const worked = uniform?.constant ? constant(worth(uniform)) : null;
    scope.set(name, { is: 'local', name: as, constant: worked });
    out.push(declaration(kind, as, value));
  }

  /** Of a node of the core form, or of a text's node that holds no helper. */
  private uniform(node: Node, scope: Scope, counter?: string): Uniform | null {
    return uniformExpression(node, (name) => {
      const binding = name === counter ? undefined : scope.get(name);
      if (binding === undefined) return undefined;
      if (binding.is === 'number') return constant(binding.value);
      return binding.is === 'local' ? binding.constant : null;
    });
  }

  private loop(node: ForStatement, scope: Scope, out: Node[]): void {
    const { name } = counterOf(node)!.id;
    const text = (of: Node): string => this.uniform(of, scope, name)!.text;
    for (const value of countsOf(node, text, mostCopies + 1)) {
      this.count(node);
      const counted: Scope = new Map(scope).set(name, { is: 'number', value });
      out.push(block(this.all([node.body], counted)));
    }
  }

  private count(node: Node): void {
    if (++this.copies > mostCopies || this.copied > mostCopied) throw new TooManyCopies(node);
  }

  private effect(expression: Node, scope: Scope, out: Node[]): void {
    const { left, operator, right } = expression as AssignmentExpression;
    const { argument } = expression as UpdateExpression;
    const isCount = expression.type === 'UpdateExpression';
    const target = identifier(this.nameOf((isCount ? argument : left) as Identifier, scope));
    const value = isCount ? literal(1) : this.expression(right, scope, out);
    const by = isCount ? operator.charAt(0) : operator.slice(0, -1);
    out.push(assignment(target, by === '' ? value : binary(by, target, value)));
  }

  private nameOf({ name }: Identifier, scope: Scope): string {
    return (scope.get(name) as { name: string }).name;
  }

  /** The expression in core form; what its helpers need stands in `out` before it. */
  private expression(node: Node, scope: Scope, out: Node[]): Node {
    const inner = (of: Node): Node => this.expression(of, scope, out);
    if (this.copies > 0) this.copied++;
    switch (node.type) {
      case 'Identifier': {
        const { name } = node as Identifier;
        const binding = scope.get(name);
        if (binding?.is === 'number') return literal(binding.value);
        return identifier(binding?.is === 'local' ? binding.name : name);
      }
      case 'CallExpression': {
        const { callee, arguments: given } = node as CallExpression;
        if (callee.type === 'Identifier') return this.call(node, callee as Identifier, given, scope, out);
        return { ...node, arguments: given.map(inner) } as Node;
      }
      case 'UnaryExpression': {
        const { operator, argument } = node as UnaryExpression;
        if (operator === '~') return binary('^', inner(argument), literal(-1));
        return { ...node, argument: inner(argument) } as Node;
      }
      case 'BinaryExpression':
      case 'LogicalExpression': {
        const { left, right } = node as BinaryExpression | LogicalExpression;
        return { ...node, left: inner(left), right: inner(right) } as Node;
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as ConditionalExpression;
        const parts = { test: inner(test), consequent: inner(consequent), alternate: inner(alternate) };
        return { ...node, ...parts } as Node;
      }
      case 'MemberExpression':
        return { ...(node as MemberExpression) };
      default:
        return { ...node };
    }
  }

  private call(node: Node, callee: Identifier, given: readonly Node[], scope: Scope, out: Node[]): Node {
    this.count(node);
    const { arrow, scope: around } = scope.get(callee.name) as Binding & { is: 'helper' };
    const inside: Scope = new Map(around);
    arrow.params.forEach((parameter, index) => {
      const { name } = parameter as Identifier;
      const value = this.expression(given[index]!, scope, out);
      this.bind('const', name, value, inside, out, this.anew(name));
    });
    if (arrow.expression) return this.expression(arrow.body, inside, out);
    const statements = (arrow.body as BlockStatement).body;
    for (const statement of statements.slice(0, -1)) {
      for (const { id, init } of (statement as VariableDeclaration).declarations) {
        const { name } = id as Identifier;
        this.declare('const', name, init!, inside, out, this.anew(name));
      }
    }
    return this.expression((statements.at(-1) as ReturnStatement).argument!, inside, out);
  }

  /** A name that no text can hold. */
  private anew(name: string): string {
    return `${name}#${this.named++}`;
  }
}
