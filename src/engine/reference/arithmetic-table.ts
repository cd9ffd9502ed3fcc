import { InputError } from '../../core/errors';

/**
 * The reference engine's arithmetic by kind: what it comes with, and what users add. What they add is known to all copies of metaplast in a process: a
 * scenario's file may load another one than the command that runs it.
 */
export class ArithmeticTable<Item extends { readonly kind: string }> {
  private readonly builtIn: ReadonlyMap<string, Item>;
  private readonly added: Map<string, Item>;

  /**
   * @param what what there is arithmetic of: `layer`
   * @param register the function that adds to it, for errors
   * @param beside kinds that need none
   */
  constructor(
    private readonly what: string,
    private readonly register: string,
    builtIn: readonly Item[],
    private readonly beside: readonly string[] = [],
  ) {
    this.builtIn = new Map(builtIn.map((item) => [item.kind, item]));
    const all = globalThis as unknown as Record<symbol, Map<string, Item> | undefined>;
    const key = Symbol.for(`metaplast: arithmetic of a ${what}`);
    all[key] ??= new Map<string, Item>();
    this.added = all[key];
  }

  add(item: Item): void {
    this.added.set(item.kind, item);
  }

  /** @throws InputError where there is none for this kind. */
  of(kind: string): Item {
    const item = this.added.get(kind) ?? this.builtIn.get(kind);
    if (item !== undefined) return item;
    const kinds = new Set([...this.beside, ...this.builtIn.keys(), ...this.added.keys()]);
    throw new InputError({
      what: `The reference engine has no arithmetic for this ${this.what}`,
      got: kind,
      legal: [...kinds].join(', '),
      advice: `Give it one with ${this.register}`,
    });
  }
}
