import { InputError } from './errors';
import { kebabCase, kebabCaseInWords } from './kebab-case';

/**
 * What users add by name. One for all copies of metaplast in a process: a scenario's file may load another copy than the command that runs it.
 */
export class Registry<Item> {
  private readonly items: Map<string, Item>;

  /** @param builtIn Names that stand for something already. */
  constructor(
    private readonly kind: string,
    private readonly builtIn: () => readonly string[],
  ) {
    const all = globalThis as unknown as Record<symbol, Map<string, Item> | undefined>;
    const key = Symbol.for(`metaplast: ${kind}`);
    all[key] ??= new Map<string, Item>();
    this.items = all[key];
  }

  /**
   * Adds an item, or takes it in the place of one of its name that was added before, as when a file is loaded again.
   * @throws InputError where the name is not legal, or built in.
   */
  add(name: string, item: Item): void {
    if (typeof name !== 'string' || !kebabCase.test(name)) {
      throw new InputError({
        what: `This is no name for ${this.kind}`,
        got: name,
        legal: kebabCaseInWords,
      });
    }
    if (this.builtIn().includes(name)) {
      throw new InputError({
        what: `The name of ${this.kind} is taken`,
        got: name,
        legal: `none of ${this.builtIn().join(', ')}`,
      });
    }
    this.items.set(name, item);
  }

  get(name: string): Item | undefined {
    return this.items.get(name);
  }

  get names(): readonly string[] {
    return [...this.items.keys()];
  }
}
