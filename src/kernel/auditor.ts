import type { AssignmentPattern, FunctionExpression, Identifier, Node, Property } from 'acorn';
import type { Violation } from '../core/errors';
import { type Activities, noActivities } from './activities';
import { reservedNames } from './dialect';
import { namesIn } from './names';
import { foreign, outside, type Reason } from './reasons';
import { type ParameterRoles, rolesIn } from './roles';
import { type Given, KernelScope } from './scope';
import { childrenOf, type KernelSyntax, lineIn } from './source';

const isFunction = ({ type }: Node): boolean =>
  /^(Function(Expression|Declaration)|ArrowFunctionExpression)$/.test(type);
const usesThis = (node: Node): boolean => node.type === 'ThisExpression' || childrenOf(node).some(usesThis);

/**
 * Walks one kernel. The world is closed: what is not expressly allowed is a violation,
 * and a violation's inner parts are not reported again.
 */
export abstract class Auditor {
  readonly violations: Violation[] = [];
  /** How many refused nodes are around: in these only what is not local is of interest. */
  protected withinRefused = 0;
  protected readonly scope = new KernelScope();
  protected readonly roles: ParameterRoles;
  protected readonly arrays: ReadonlySet<string>;

  /** @param activities which of the arrays show a synapse its neurons, so that a reason can say so; no verdict depends on it */
  constructor(
    protected readonly syntax: KernelSyntax,
    protected readonly activities: Activities = noActivities,
  ) {
    this.roles = rolesIn(syntax);
    this.arrays = new Set(this.roles.arrays);
  }

  /** Walks an expression, and tells what it gives. An offending expression counts as a number. */
  protected abstract kindOf(node: Node): Given;

  protected abstract statement(node: Node): void;

  /** Reports a node; by a sentence alone, as outside the dialect. */
  protected refuse(node: Node, reason: string | Reason, end = node.end): 'number' {
    const { why, breaks } = typeof reason === 'string' ? outside(reason) : reason;
    if (breaks === 'dialect' && this.withinRefused > 0) return 'number';
    const text = this.syntax.text.slice(node.start, end).replace(/\s+/g, ' ').trim();
    const expression = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    this.violations.push({ expression, line: lineIn(this.syntax, node.loc!), why, breaks });
    return 'number';
  }

  /** Reports a node that nobody has walked; of its parts those that are not local, unless it is told of that already. */
  protected refuseWhole(node: Node, reason: string | Reason): 'number' {
    this.refuse(node, reason);
    const parts = isFunction(node) ? [node] : childrenOf(node);
    if (typeof reason === 'string' || reason.breaks === 'dialect') this.searchAll(parts);
    return 'number';
  }

  /** Reports what in the parts of a refused node is not local. */
  protected searchAll(parts: readonly Node[]): void {
    this.withinRefused++;
    for (const part of parts) this.search(part);
    this.withinRefused--;
  }

  /** Walks any node of JavaScript. */
  protected search(node: Node): void {
    if (/^(PropertyDefinition|StaticBlock)$/.test(node.type) && usesThis(node)) {
      this.refuse(node, foreign('reads `this` of a class of its own, which is no synapse'));
    }
    if (/^(Property|PropertyDefinition|MethodDefinition)$/.test(node.type)) {
      const { computed, key, value } = node as Property;
      for (const part of computed ? [key, value] : [value]) if (part != null) this.search(part);
    } else if (node.type === 'SpreadElement') {
      this.refuse(node, foreign('spreads an array: read one entry, at [this.thread.x]'));
    } else if (isFunction(node)) {
      this.searchFunction(node as FunctionExpression);
    } else if (/Statement$|^VariableDeclaration$/.test(node.type)) this.statement(node);
    else if (/Expression$|^Literal$|^Identifier$/.test(node.type)) this.kindOf(node);
    else for (const part of childrenOf(node)) this.search(part);
  }

  /** A function that the rule may call: a name of its own stands for a number, and `this` for something else. */
  private searchFunction({ params, body, type }: FunctionExpression): void {
    this.scope.enter([], params.flatMap(namesIn));
    if ((type as string) !== 'ArrowFunctionExpression' && [...params, body].some(usesThis)) {
      this.refuse(body, foreign('reads `this` of a function of its own, which is no synapse'));
    }
    for (const part of params) {
      const plain = part.type === 'AssignmentPattern' ? (part as AssignmentPattern).left : part;
      if (plain.type !== 'Identifier')
        this.refuse(part, foreign('takes apart what it is given, maybe an array'));
    }
    for (const part of [...params, body]) this.search(part);
    this.scope.leave();
  }

  /** Whether the name may be declared or used: no reserved word of the dialect, written without escapes. */
  protected checkName(id: Identifier): void {
    if (reservedNames.has(id.name)) {
      this.refuse(
        id,
        foreign(`declares ${id.name} anew: this would change what ${id.name} means, choose another name`),
      );
    } else this.checkSpelling(id);
  }

  protected checkSpelling(id: Identifier): boolean {
    if (this.syntax.text.slice(id.start, id.end) === id.name) return true;
    this.refuse(id, `spells ${id.name} with an escape: write names as they are`);
    return false;
  }
}
