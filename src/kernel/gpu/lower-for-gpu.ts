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
import { coreForm } from '../core-form';
import { bitwise } from '../dialect';
import type { Kernel } from '../kernel';
import { parseKernel } from '../source';
import { type Fixed, type UniformNumbers, Uniforms } from '../uniforms';
import { type GpuNames, type Printed, printGpu, printTruth, unknownNode } from './gpu-expression';
import { gpuFunctions } from './gpu-functions';

/** A kernel as GPU.js is to compile it. */
export interface GpuKernel {
  /** A function of the kernel's arrays, in their order, and then of its numbers. */
  readonly source: string;
  /** Texts of the functions that it calls, what is called first. */
  readonly functions: readonly string[];
  /** How many numbers it takes. */
  readonly numbers: number;
  /** Works them out for the scalars of a call. */
  readonly numbersOf: UniformNumbers;
}

/** What stands for functions and operators that a mode of GPU.js gets wrong; the other modes of its kind are shading languages. */
const replaced = new Map<string, ReadonlySet<string>>([
  ['cpu', new Set()],
  ['webasm', new Set(['%', 'round', ...bitwise])],
]);
const inShaders: ReadonlySet<string> = new Set(gpuFunctions.keys());

/** Kernels are lowered once for each mode. */
const lowered = new WeakMap<Kernel, Map<string, GpuKernel>>();

/**
 * Lowers an audited kernel to what a mode of GPU.js computes as the plain call does.
 *
 * - What is the same for all synapses is worked out by JavaScript in float64 and handed over as numbers, constants too: so no literal is
 *   taken for an integer, Infinity stays what it is, and 0 x is not simplified away.
 * - Names are made anew: none of the kernel's own is a word of a shading language, or of GPU.js.
 * - Numbers that stand for truth are compared, and what the mode's own functions get wrong is computed by `gpuFunctions`.
 */
export function lowerForGpu(kernel: Kernel, mode: string): GpuKernel {
  const modes = lowered.get(kernel) ?? new Map<string, GpuKernel>();
  lowered.set(kernel, modes);
  let found = modes.get(mode);
  if (found === undefined) {
    found = new GpuLowering(kernel, replaced.get(mode) ?? inShaders).kernel();
    modes.set(mode, found);
  }
  return found;
}

class GpuLowering implements GpuNames {
  readonly uniforms: ReadonlyMap<Node, Fixed>;
  private readonly statements: readonly Node[];
  private readonly shared = new Uniforms();
  private readonly constants: number[] = [];
  private readonly locals = new Map<string, Printed>();
  private readonly called = new Set<string>();
  private lines: string[] = [];
  private declared = 0;

  constructor(
    private readonly of: Kernel,
    private readonly replaced: ReadonlySet<string>,
  ) {
    this.statements = coreForm(parseKernel(of.source));
    this.uniforms = this.shared.find(this.statements);
  }

  kernel(): GpuKernel {
    this.all(this.statements);
    const { constants, shared, lines } = this;
    const { count, numbers } = shared;
    const names = [
      ...this.of.arrays.map((name) => this.quantity(name)),
      ...Array.from({ length: count }, (_, place) => `number${place}`),
      ...constants.map((_, index) => `constant${index}`),
    ];
    return {
      source: `function lowered(${names.join(', ')}) {\n${lines.join('\n')}\n}`,
      functions: [...this.called],
      numbers: count + constants.length,
      numbersOf(scalars, into, from) {
        numbers(scalars, into, from);
        into.set(constants, from + count);
      },
    };
  }

  fixed(of: Fixed): Printed {
    if ('place' in of) {
      const text = `number${of.place}`;
      return { text: of.kind === 'boolean' ? `(${text} > 0)` : text, kind: of.kind };
    }
    if (typeof of.value === 'boolean') return { text: String(of.value), kind: 'boolean' };
    return { text: this.constant(of.value), kind: 'number' };
  }

  quantity(parameter: string): string {
    return `quantity${this.of.arrays.indexOf(parameter)}`;
  }

  local(name: string): Printed {
    return this.locals.get(name)!;
  }

  call(of: string, given: readonly string[]): string {
    const stands = this.replaced.has(of) ? gpuFunctions.get(of)! : undefined;
    if (stands === undefined)
      return /\w/.test(of) ? `Math.${of}(${given.join(', ')})` : `(${given.join(` ${of} `)})`;
    for (const source of stands.sources) this.called.add(source);
    return `${stands.name}(${[...given, ...stands.given.map((value) => this.constant(value))].join(', ')})`;
  }

  private constant(value: number): string {
    const known = this.constants.findIndex((other) => Object.is(other, value));
    return `constant${known < 0 ? this.constants.push(value) - 1 : known}`;
  }

  /** Prints statements up to where none goes on. Tells whether there is such a place. */
  private all(statements: readonly Node[]): boolean {
    return statements.some((statement) => this.statement(statement));
  }

  /** Prints a statement. Tells whether every way through it returns. */
  private statement(node: Node): boolean {
    switch (node.type) {
      case 'BlockStatement':
        return this.all((node as BlockStatement).body);
      case 'ReturnStatement':
        this.lines.push(`return ${printGpu((node as ReturnStatement).argument!, this).text};`);
        return true;
      case 'VariableDeclaration':
        for (const { id, init } of (node as VariableDeclaration).declarations) {
          const { text, kind } = printGpu(init!, this);
          // No name hides another; blocks side by side may use one twice.
          const name = `local${this.declared++}`;
          this.locals.set((id as Identifier).name, { text: name, kind });
          this.lines.push(`let ${name} = ${text};`);
        }
        return false;
      case 'IfStatement':
        return this.branch(node as IfStatement);
      case 'ExpressionStatement':
        this.effect((node as ExpressionStatement).expression);
        return false;
      default:
        throw unknownNode(node);
    }
  }

  private branch({ test, consequent, alternate }: IfStatement): boolean {
    this.lines.push(`if (${printTruth(test, this)}) {`);
    const ended = this.statement(consequent);
    if (!alternate) {
      this.lines.push('}');
      return false;
    }
    this.lines.push('} else {');
    const otherEnded = this.statement(alternate);
    this.lines.push('}');
    return ended && otherEnded;
  }

  private effect(expression: Node): void {
    if (expression.type !== 'AssignmentExpression') throw unknownNode(expression);
    const { left, right } = expression as AssignmentExpression;
    const { text } = this.local((left as Identifier).name);
    this.lines.push(`${text} = ${printGpu(right, this).text};`);
  }
}
