import type {
  AssignmentExpression,
  BlockStatement,
  ExpressionStatement,
  Identifier,
  IfStatement,
  Node,
  ReturnStatement,
  VariableDeclaration,
} from 'acorn';
import type { Fixed } from '../../../kernel/uniforms';
import { type LoweredLocal, lowerExpression, lowerTruth, type Names, unknown } from './lower-expression';
import { constantMask, get, type PassCode, select, set } from './pass-code';
import { simd, splat, vector } from './wasm-code';

/** A kernel's text, taken apart. */
export interface ParsedKernel {
  readonly statements: readonly Node[];
  /** Its expressions that are the same for all synapses. */
  readonly uniforms: ReadonlyMap<Node, Fixed>;
  /** The local of the quantity that a parameter reads. */
  quantity(parameter: string): number;
}

/** Code that leaves a kernel's result on the stack, for four synapses at once. */
export function lowerKernel(kernel: ParsedKernel, pass: PassCode): number[] {
  return new KernelLowering(kernel, pass).kernel(kernel.statements);
}

/** The lanes that a branch runs for, as a local that holds them; null outside all branches. */
type Lanes = number | null;

/** A variable, and the branch that declared it. */
interface Declared extends LoweredLocal {
  readonly lanes: Lanes;
}

/**
 * Branches become masks: both sides of an `if` run, one after the other, and each changes only those lanes that JavaScript would
 * have sent there. Lanes that have returned go on, but what they have returned stays.
 */
class KernelLowering {
  private readonly code: number[] = [];
  private readonly locals = new Map<string, Declared>();
  private readonly names: Names;
  private readonly result: number;
  /** The lanes that have not returned yet, once some may have. */
  private readonly live: number;
  private returned = false;

  constructor(
    kernel: ParsedKernel,
    private readonly pass: PassCode,
  ) {
    const { uniforms, quantity } = kernel;
    this.names = { pass, uniforms, quantity, local: (name) => this.locals.get(name)! };
    [this.result, this.live] = [pass.local(), pass.local()];
  }

  kernel(statements: readonly Node[]): number[] {
    this.all(statements, null);
    const start = [...splat(0), ...set(this.result), ...constantMask(true), ...set(this.live)];
    return [...(this.returned ? start : []), ...this.code, ...get(this.result)];
  }

  /** Lowers statements up to where no lane goes on. Tells whether there is such a place. */
  private all(statements: readonly Node[], lanes: Lanes): boolean {
    return statements.some((statement) => this.statement(statement, lanes));
  }

  /** Lowers a statement for some lanes. Tells whether all of these return. */
  private statement(node: Node, lanes: Lanes): boolean {
    switch (node.type) {
      case 'BlockStatement':
        return this.all((node as BlockStatement).body, lanes);
      case 'ReturnStatement':
        this.leave((node as ReturnStatement).argument!, lanes);
        return true;
      case 'VariableDeclaration':
        for (const { id, init } of (node as VariableDeclaration).declarations) {
          const { code, kind } = lowerExpression(init!, this.names);
          const index = this.pass.local();
          // No name hides another; blocks side by side may use one twice.
          this.locals.set((id as Identifier).name, { index, kind, lanes });
          this.code.push(...code, ...set(index));
        }
        return false;
      case 'IfStatement':
        return this.branch(node as IfStatement, lanes);
      case 'ExpressionStatement':
        this.effect((node as ExpressionStatement).expression, lanes);
        return false;
      default:
        throw unknown(node);
    }
  }

  private leave(value: Node, lanes: Lanes): void {
    const { code } = lowerExpression(value, this.names);
    const [result, live] = [get(this.result), get(this.live)];
    const leaving = lanes === null ? live : [...live, ...get(lanes), ...simd(vector.and)];
    const all = lanes === null && !this.returned;
    this.code.push(...(all ? code : select(code, result, leaving)), ...set(this.result));
    if (lanes === null) return;
    this.returned = true;
    this.code.push(...live, ...get(lanes), ...simd(vector.andNot), ...set(this.live));
  }

  private branch({ test, consequent, alternate }: IfStatement, lanes: Lanes): boolean {
    const [held, failed] = [this.pass.local(), this.pass.local()];
    const truth = lowerTruth(test, this.names);
    this.code.push(...truth, ...set(held));
    if (lanes === null) this.code.push(...get(held), ...simd(vector.not), ...set(failed));
    else {
      this.code.push(...get(lanes), ...get(held), ...simd(vector.andNot), ...set(failed));
      this.code.push(...get(lanes), ...get(held), ...simd(vector.and), ...set(held));
    }
    const ended = this.statement(consequent, held);
    return alternate ? this.statement(alternate, failed) && ended : false;
  }

  private effect(expression: Node, lanes: Lanes): void {
    if (expression.type !== 'AssignmentExpression') throw unknown(expression);
    const { left, right } = expression as AssignmentExpression;
    const { code } = lowerExpression(right, this.names);
    // In the lanes of the branch; in all of them where only those can see the variable.
    const { index, lanes: declaredIn } = this.locals.get((left as Identifier).name)!;
    const kept = lanes === declaredIn ? code : select(code, get(index), get(lanes!));
    this.code.push(...kept, ...set(index));
  }
}
