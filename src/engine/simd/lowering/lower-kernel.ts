import type {
  AssignmentExpression,
  Identifier,
  IfStatement,
  Node,
  UpdateExpression,
  VariableDeclaration,
} from 'acorn';
import type { Kernel } from '../../../synapse/kernel';
import { parseKernel } from '../../../synapse/kernel-source';
import { constantMask, lowerExpression, lowerTruth, type Names, unknown } from './lower-expression';
import { get, type PassCode, select, set } from './pass-code';
import { simd, splat, vector } from './wasm-code';

/**
 * Code that leaves a kernel's result on the stack, for four synapses at once. Branches become masks: `live` says which lanes
 * are still on their way, assignments and returns change those alone.
 */
export function lowerKernel(
  kernel: Kernel,
  pass: PassCode,
  quantity: (parameter: string) => number,
): number[] {
  const names: Names = { pass, quantity, locals: new Map() };
  const statements = parseKernel(kernel.source).node.body.body as Node[];
  const only = statements.length === 1 && statements[0]!.type === 'ReturnStatement' ? statements[0]! : null;
  if (only !== null) return lowerExpression(argumentOf(only), names).code;
  const lowering = new StatementLowering(names, pass.local(), pass.local());
  return lowering.kernel(statements);
}

const argumentOf = (node: Node): Node => (node as Node & { argument: Node }).argument;

class StatementLowering {
  constructor(
    private readonly names: Names,
    private readonly live: number,
    private readonly result: number,
  ) {}

  kernel(statements: readonly Node[]): number[] {
    const start = [...constantMask(true), ...set(this.live), ...splat(0), ...set(this.result)];
    return [...start, ...this.block(statements), ...get(this.result)];
  }

  private block(statements: readonly Node[]): number[] {
    // Names are told apart over the whole kernel, since none may hide another; blocks side by side may use one twice.
    const code = statements.flatMap((statement) => this.statement(statement));
    for (const statement of statements) {
      if (statement.type !== 'VariableDeclaration') continue;
      for (const { id } of (statement as VariableDeclaration).declarations)
        this.names.locals.delete((id as Identifier).name);
    }
    return code;
  }

  private statement(node: Node): number[] {
    switch (node.type) {
      case 'EmptyStatement':
        return [];
      case 'BlockStatement':
        return this.block((node as Node & { body: Node[] }).body);
      case 'ReturnStatement': {
        const value = lowerExpression(argumentOf(node), this.names).code;
        const kept = select(value, get(this.result), get(this.live));
        return [...kept, ...set(this.result), ...constantMask(false), ...set(this.live)];
      }
      case 'VariableDeclaration':
        return (node as VariableDeclaration).declarations.flatMap(({ id, init }) => {
          const { code, kind } = lowerExpression(init!, this.names);
          const index = this.names.pass.local();
          this.names.locals.set((id as Identifier).name, { index, kind });
          return [...code, ...set(index)];
        });
      case 'IfStatement':
        return this.branch(node as IfStatement);
      case 'ExpressionStatement':
        return this.effect((node as Node & { expression: Node }).expression);
      default:
        throw unknown(node);
    }
  }

  private branch({ test, consequent, alternate }: IfStatement): number[] {
    const { pass } = this.names;
    const [mask, before, afterFirst] = [pass.local(), pass.local(), pass.local()];
    const narrow = (towards: number[]) => [
      ...get(before),
      ...towards,
      ...simd(vector.and),
      ...set(this.live),
    ];
    return [
      ...[...lowerTruth(test, this.names), ...set(mask), ...get(this.live), ...set(before)],
      ...narrow(get(mask)),
      ...this.statement(consequent),
      ...[...get(this.live), ...set(afterFirst)],
      ...narrow([...get(mask), ...simd(vector.not)]),
      ...(alternate ? this.statement(alternate) : []),
      ...[...get(this.live), ...get(afterFirst), ...simd(vector.or), ...set(this.live)],
    ];
  }

  private effect(expression: Node): number[] {
    if (expression.type === 'UpdateExpression') {
      const { argument, operator } = expression as UpdateExpression;
      const by = operator === '++' ? vector.add : vector.subtract;
      return this.assign((argument as Identifier).name, (old) => [...old, ...splat(1), ...simd(by)]);
    }
    if (expression.type !== 'AssignmentExpression') return []; // 'use strict'
    const { left, operator, right } = expression as AssignmentExpression;
    const { code } = lowerExpression(right, this.names);
    const by = { '+=': vector.add, '-=': vector.subtract, '*=': vector.multiply, '/=': vector.divide }[
      operator as string
    ];
    return this.assign((left as Identifier).name, (old) =>
      by === undefined ? code : [...old, ...code, ...simd(by)],
    );
  }

  /** The local's new value, in the lanes that are still on their way. */
  private assign(name: string, valueFrom: (old: number[]) => number[]): number[] {
    const { index } = this.names.locals.get(name)!;
    return [...select(valueFrom(get(index)), get(index), get(this.live)), ...set(index)];
  }
}
