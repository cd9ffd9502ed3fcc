import { join, resolve } from 'node:path';
import type { Description } from './origin';

/** The folder of `src`, of sources or of what they are compiled to. */
const root = resolve(__dirname, '../..');

interface Made {
  readonly module: string;
  readonly name: string;
  readonly given?: readonly Description[];
}

/**
 * The value that `describe` has described, made anew. What is described twice by the same words is made once.
 * @throws what making it throws.
 */
export function remake(description: Description): Promise<unknown> {
  return new Remaking().value(description);
}

class Remaking {
  private readonly made = new Map<string, Promise<unknown>>();

  async value(description: Description): Promise<unknown> {
    if (typeof description !== 'object' || description === null) return description;
    if (Array.isArray(description)) return this.all(description);
    const { $made, $number, $undefined, $float64 } = description as Record<string, unknown>;
    if ($number !== undefined) return Number($number);
    if ($undefined !== undefined) return undefined;
    if ($float64 !== undefined) return Float64Array.from((await this.all($float64 as unknown[])) as number[]);
    if ($made !== undefined) return this.once($made as Made);
    const entries = Object.entries(description);
    const values = await this.all(entries.map(([, one]) => one));
    return Object.fromEntries(entries.map(([name], i) => [name, values[i]]));
  }

  /** One after the other, in their order. */
  private async all(descriptions: readonly Description[]): Promise<unknown[]> {
    const values: unknown[] = [];
    for (const one of descriptions) values.push(await this.value(one));
    return values;
  }

  private once(made: Made): Promise<unknown> {
    const words = JSON.stringify(made);
    let value = this.made.get(words);
    if (value === undefined) {
      value = this.make(made);
      this.made.set(words, value);
    }
    return value;
  }

  private async make({ module, name, given }: Made): Promise<unknown> {
    // By a path that is only known here: a worker loads what its learner is made of, and nothing else.
    const found = (require(join(root, module)) as Record<string, unknown>)[name];
    if (given === undefined) return found;
    return (found as (...given: unknown[]) => unknown)(...(await this.all(given)));
  }
}
