import type { FunctionDeclaration, Node, VariableDeclaration } from 'acorn';
import { namesIn } from './names';

/** What an expression gives. */
export type Kind = 'number' | 'boolean';

/** The same, as its author may write it: `a && b` of numbers gives one of them, which may stand for a truth only. */
export type Given = Kind | 'either';

/** One `const` or `let` of a kernel. */
export interface Local {
  readonly declared: 'const' | 'let' | 'var' | 'counter' | 'parameter';
  kind: Given;
  /** Whether the walk has passed its declaration. */
  ready: boolean;
  /** Whether it is `this.thread.x`, which may only be an index. */
  isIndex?: boolean;
  /** Whether it is the same number whatever the rule is given. */
  isConstant?: boolean;
  /** How many arguments it takes, where it is a helper: a local arrow function. */
  arity?: number;
}

/** The locals that can be seen from one place in a kernel, innermost block last. */
export class KernelScope {
  private readonly blocks: Map<string, Local>[] = [];

  /**
   * Opens a block: its names exist from its first line, but cannot be used before their declarations.
   * @param ready names that what the block belongs to has declared: a loop its counter, a helper its parameters
   */
  enter(
    statements: readonly Node[],
    ready: readonly string[] = [],
    declared: Local['declared'] = 'var',
  ): void {
    const block = new Map<string, Local>();
    const isConstant = declared === 'counter';
    for (const name of ready) block.set(name, { declared, kind: 'number', ready: true, isConstant });
    for (const statement of statements) {
      if (statement.type === 'FunctionDeclaration') {
        const { name } = (statement as FunctionDeclaration).id;
        block.set(name, { declared: 'var', kind: 'number', ready: true });
      }
      if (statement.type !== 'VariableDeclaration') continue;
      const { kind, declarations } = statement as VariableDeclaration;
      const declared = kind === 'const' || kind === 'var' ? kind : 'let';
      for (const name of declarations.flatMap(({ id }) => namesIn(id))) {
        block.set(name, { declared, kind: 'number', ready: false });
      }
    }
    this.blocks.push(block);
  }

  leave(): void {
    this.blocks.pop();
  }

  find(name: string): Local | undefined {
    return this.blocks.findLast((block) => block.has(name))?.get(name);
  }

  /** Whether a block around the innermost one has this name too. */
  shadows(name: string): boolean {
    return this.blocks.slice(0, -1).some((block) => block.has(name));
  }

  declare(name: string, kind: Given, what: Pick<Local, 'isIndex' | 'isConstant' | 'arity'> = {}): void {
    const local = this.find(name);
    if (local !== undefined) Object.assign(local, { kind, ...what, ready: true });
  }
}
