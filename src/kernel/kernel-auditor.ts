import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  ForStatement,
  Identifier,
  IfStatement,
  Node,
  UpdateExpression,
  VariableDeclaration,
} from 'acorn';
import { KernelError, type Violation } from '../core/errors';
import { assignments, refusedStatements } from './dialect';
import { HelperAuditor } from './helper-auditor';
import { counterOf } from './loop-counts';
import { namesDeclaredBy, namesIn, statementsInside } from './names';
import { foreign, isThreadX } from './reasons';
import type { Given, Local } from './scope';
import { childrenOf, lineIn } from './source';

const nouns: Readonly<Record<Given, string>> = {
  number: 'number',
  boolean: 'truth value',
  either: 'number that stands for a truth value',
};

/** Walks the parameters and statements of one kernel, in the order of its text. Deny by default, as for expressions. */
export class KernelAuditor extends HelperAuditor {
  /** Whether there is a loop, or a helper: parts that engines are given more than once. */
  hasCopies = false;
  /** The first return of a truth value. */
  private truthReturned: Node | undefined;
  /** How many statements outside the dialect, which have been reported, are around: a break may belong to one of them. */
  private reported = 0;

  /** @throws KernelError where a return gives a truth value instead of a number. */
  audit(): Violation[] {
    const { node } = this.syntax;
    if (node.id) this.checkName(node.id);
    const seen = new Set<string>();
    for (const parameter of node.params) {
      if (parameter.type !== 'Identifier') {
        const isNamed = parameter.type === 'AssignmentPattern';
        const why = 'is a default, rest or destructured parameter: write a plain name';
        if (isNamed) this.refuseWhole(parameter, why);
        else this.refuse(parameter, foreign(why));
        continue;
      }
      this.checkName(parameter);
      if (seen.has(parameter.name)) this.refuse(parameter, 'names two parameters: give each its own name');
      seen.add(parameter.name);
    }
    this.block(node.body.body, true);
    if (this.truthReturned) {
      throw new KernelError({
        what: `The rule returns a truth value at line ${lineIn(this.syntax, this.truthReturned.loc!)}`,
        got: this.syntax.text.slice(this.truthReturned.start, this.truthReturned.end),
        legal: 'a kernel returns one number on every path',
        advice: 'Write condition ? 1 : 0',
      });
    }
    return this.violations;
  }

  private block(statements: readonly Node[], outermost = false): void {
    this.scope.enter(statements);
    statements.forEach((statement, index) => {
      const { directive } = statement as Node & { directive?: string };
      if (!(outermost && index === 0 && directive === 'use strict')) this.statement(statement);
    });
    this.scope.leave();
  }

  protected statement(node: Node): void {
    switch (node.type) {
      case 'EmptyStatement':
        return;
      case 'BlockStatement':
        this.block((node as Node & { body: Node[] }).body);
        return;
      case 'ReturnStatement':
        this.returned((node as Node & { argument: Node }).argument);
        return;
      case 'VariableDeclaration':
        this.declaration(node as VariableDeclaration);
        return;
      case 'IfStatement': {
        const { test, consequent, alternate } = node as IfStatement;
        this.kindOf(test);
        this.statement(consequent);
        if (alternate) this.statement(alternate);
        return;
      }
      case 'ExpressionStatement':
        this.effect((node as Node & { expression: Node }).expression);
        return;
      case 'ForStatement':
        this.loop(node as ForStatement);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        this.leaving(node);
        return;
      default:
        this.refusedStatement(node);
    }
  }

  /** An expression that stands as a statement: only an assignment does anything there. */
  private effect(expression: Node): void {
    if (expression.type === 'AssignmentExpression') this.assignment(expression as AssignmentExpression);
    else if (expression.type === 'UpdateExpression') this.update(expression as UpdateExpression);
    else {
      const before = this.violations.length;
      this.kindOf(expression);
      if (this.violations.length > before) return;
      this.refuse(expression, 'has no effect: a statement declares, assigns, branches or returns');
    }
  }

  /** Names the head of a statement outside the dialect, then goes on with the statements inside it. */
  private refusedStatement(node: Node): void {
    const inner = statementsInside(node);
    const why = refusedStatements.get(node.type) ?? `is not in the kernel dialect (${node.type})`;
    this.refuse(node, why, inner[0]?.start ?? node.end);
    this.scope.enter([], namesDeclaredBy(node));
    this.reported++;
    this.searchHead(node, inner);
    this.block(inner);
    this.reported--;
    this.scope.leave();
  }

  private leaving(node: Node): void {
    if (this.reported > 0) return;
    this.refuse(node, 'leaves a loop early: put what is left out into an if, or return');
  }

  private loop(node: ForStatement): void {
    const counter = counterOf(node);
    if (counter === undefined) {
      this.refusedStatement(node);
      return;
    }
    this.hasCopies = true;
    this.checkLocalName(node.init!, counter.id);
    this.known(counter.from, (from) => this.numberFrom(from));
    this.scope.enter([], [counter.id.name], 'counter');
    this.known(counter.test, (test) => this.kindOf(test));
    for (const part of counter.by) this.known(part, (by) => this.numberFrom(by));
    this.statement(node.body);
    this.scope.leave();
  }

  /** Walks a part of a loop's head. */
  private known(part: Node, walk: (part: Node) => Given): void {
    const before = this.violations.length;
    walk(part);
    if (this.violations.length > before || this.isConstant(part)) return;
    this.refuse(part, 'is not known before the rule runs: a loop counts by constants, such as k < 8');
  }

  private returned(argument: Node | null | undefined): void {
    if (!argument || this.kindOf(argument) === 'number' || this.withinRefused > 0) return;
    this.truthReturned ??= argument;
  }

  /** What a statement outside the dialect reads beside the statements in it. */
  private searchHead(node: Node, inner: readonly Node[]): void {
    if (node.type === 'WithStatement') {
      this.refuse(node, foreign('changes what names mean: remove it'), inner[0]?.start);
    }
    const caught = childrenOf(node).find(({ type }) => type === 'CatchClause')?.param as Node | undefined;
    if (caught != null && caught.type !== 'Identifier')
      this.refuse(caught, foreign('takes apart what was thrown, maybe an array'));
    const { left, right } = node as unknown as { left?: Node; right?: Node };
    if (left !== undefined && left.type !== 'VariableDeclaration') {
      this.refuse(left, foreign('is written to by a loop: declare its counter in it'));
    }
    if (right !== undefined) this.refuse(right, foreign('is gone through whole: a rule reads its own entry'));
    if (/^(Function|Class)/.test(node.type)) this.searchAll([node]);
    else if (node.type !== 'LabeledStatement') this.searchBeside(node, inner);
  }

  private searchBeside(node: Node, inner: readonly Node[]): void {
    for (const part of childrenOf(node)) {
      if (inner.includes(part)) continue;
      const holdsOne = inner.some(({ start, end }) => start >= part.start && end <= part.end);
      if (holdsOne) this.searchBeside(part, inner);
      else this.searchAll([part]);
    }
  }

  protected declaration({ kind, declarations, ...node }: VariableDeclaration): void {
    if (kind === 'var') this.refuse(node, 'is declared with var: use const or let');
    else if (kind !== 'const' && kind !== 'let')
      this.refuse(node, `is declared with ${kind}: use const or let`);
    for (const declarator of declarations) {
      const { id, init } = declarator;
      if (id.type !== 'Identifier') {
        this.refuse(declarator, foreign('takes an object or array apart: give each local a plain name'));
        if (init) this.kindOf(init);
        for (const name of namesIn(id)) this.scope.declare(name, 'number');
        continue;
      }
      this.checkName(id);
      if (this.roles.parameters.includes(id.name)) {
        this.refuse(declarator, `hides the parameter ${id.name}: give the local its own name`);
      } else if (this.scope.shadows(id.name)) {
        this.refuse(declarator, `hides the local ${id.name}: give each local its own name`);
      }
      if (kind === 'const' && init?.type === 'ArrowFunctionExpression') {
        const arrow = init as ArrowFunctionExpression;
        this.hasCopies = true;
        this.scope.declare(id.name, this.helper(arrow, declarator), { arity: arrow.params.length });
        continue;
      }
      if (!init)
        this.refuse(declarator, 'has no initial value: write one, so that every path gives a number');
      // Of a var there may be another that changes it, in any block.
      const isIndex =
        kind !== 'var' && init?.type === 'MemberExpression' && isThreadX(init, this.syntax.text);
      if (isIndex && kind !== 'const')
        this.refuse(declarator, 'is an index that may change: declare it with const');
      const given = init && !isIndex ? this.kindOf(init) : 'number';
      const isConstant = kind === 'const' && !isIndex && init != null && this.isConstant(init);
      this.scope.declare(id.name, given, { isIndex, isConstant });
    }
  }

  /** The local that an assignment may change, or undefined after reporting why it may not. */
  private target(whole: Node, left: Node): Local | undefined {
    if (left.type === 'MemberExpression') {
      this.refuse(
        whole,
        foreign('writes to an array or object: a rule changes its synapse by what it returns'),
      );
    } else if (left.type !== 'Identifier') {
      this.refuse(whole, foreign('takes an object or array apart: assign to one local at a time'));
    } else {
      const { name } = left as Identifier;
      const local = this.scope.find(name);
      if (local?.isIndex) this.refuse(whole, foreign("changes the synapse's number: then it is another's"));
      else if (local?.declared === 'const')
        this.refuse(whole, `assigns to ${name}, which is const: declare it with let`);
      else if (local?.declared === 'counter')
        this.refuse(whole, `assigns to ${name}, which counts the loop: copy it to a local with let`);
      else if (local?.declared === 'parameter')
        this.refuse(whole, `assigns to the parameter ${name}: copy it to a local with let`);
      else if (local && !local.ready) this.refuse(whole, `uses ${name} before its declaration`);
      else if (local) return this.checkSpelling(left as Identifier) ? local : undefined;
      else if (this.roles.parameters.includes(name)) {
        this.refuse(whole, `assigns to the parameter ${name}: copy it to a local with let`);
      } else
        this.refuse(
          whole,
          foreign(`writes to ${name} outside the rule: a rule changes its synapse by what it returns`),
        );
    }
    return undefined;
  }

  private assignment(node: AssignmentExpression): void {
    if (!assignments.has(node.operator)) {
      this.refuseWhole(
        node,
        `uses ${node.operator}, which is not in the kernel dialect: use ${[...assignments].join(' ')}`,
      );
      return;
    }
    const local = this.target(node, node.left);
    if (local === undefined) {
      this.searchAll([node.right]);
      return;
    }
    const kind = node.operator === '=' ? this.kindOf(node.right) : this.numberFrom(node.right);
    if (kind !== local.kind)
      this.refuse(node, `makes a ${nouns[local.kind]} a ${nouns[kind]}: use another local`);
  }

  private update(node: UpdateExpression): void {
    const local = this.target(node, node.argument);
    if (local !== undefined && local.kind !== 'number')
      this.refuse(node, 'counts with a truth value: use a number');
  }
}
