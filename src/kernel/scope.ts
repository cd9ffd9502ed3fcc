import type { Node, VariableDeclaration } from 'acorn';
import { namesIn } from './names';

/** What an expression gives. */
export type Kind = 'number' | 'boolean';

/** One `const` or `let` of a kernel. */
export interface Local {
  readonly declared: 'const' | 'let' | 'var';
  kind: Kind;
  /** Whether the walk has passed its declaration. */
  ready: boolean;
  /** Whether it is `this.thread.x`, which may only be an index. */
  isIndex?: boolean;
}

/** The locals that can be seen from one place in a kernel, innermost block last. */
export class KernelScope {
  private readonly blocks: Map<string, Local>[] = [];

  /**
   * Opens a block: its names exist from its first line, but cannot be used before their declarations.
   * @param ready names that a statement outside the dialect has declared, such as a loop's counter
   */
  enter(statements: readonly Node[], ready: readonly string[] = []): void {
    const block = new Map<string, Local>();
    for (const name of ready) block.set(name, { declared: 'var', kind: 'number', ready: true });
    for (const statement of statements) {
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

  declare(name: string, kind: Kind, isIndex = false): void {
    const local = this.find(name);
    if (local === undefined) return;
    local.kind = kind;
    local.isIndex = isIndex;
    local.ready = true;
  }
}
