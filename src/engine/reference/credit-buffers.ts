/**
 * What the rule of a network's credit keeps for each synapse from sample to sample. A gradient is worked out on copies, which count once its step is taken:
 * to ask for a gradient changes nothing, and a phase in chunks has the same as in one piece.
 */
export class CreditBuffers {
  /** The copies, by name. */
  readonly working: Readonly<Record<string, Float64Array>>;

  /** @param kept the values that count, by name */
  constructor(private readonly kept: Readonly<Record<string, Float64Array>>) {
    this.working = Object.fromEntries(Object.entries(kept).map(([name, values]) => [name, values.slice()]));
  }

  /** A gradient is made anew. */
  begin(): void {
    for (const [name, values] of Object.entries(this.working)) values.set(this.kept[name]!);
  }

  /** The step of that gradient is taken. */
  step(): void {
    for (const [name, values] of Object.entries(this.working)) this.kept[name]!.set(values);
  }
}
