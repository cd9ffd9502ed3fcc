/** A map of a limited size that drops what was used longest ago. */
export class RecentlyUsed<Key, Value> {
  /** In the order of their last use. */
  private readonly kept = new Map<Key, Value>();
  /** The last one used, which is asked for again most often. */
  private newest: { readonly key: Key; readonly value: Value } | null = null;

  constructor(private readonly most: number) {}

  /** What is kept under a key, which counts as a use of it. */
  get(key: Key): Value | undefined {
    if (this.newest?.key === key) return this.newest.value;
    const value = this.kept.get(key);
    if (value !== undefined) this.use(key, value);
    return value;
  }

  /** Keeps a value; gives the one that it drops for it, if any. */
  set(key: Key, value: Value): Value | undefined {
    this.use(key, value);
    return this.kept.size > this.most ? this.takeOldest() : undefined;
  }

  /** Takes out the value used longest ago where there is room for no other. */
  takeOldestIfFull(): Value | undefined {
    return this.kept.size < this.most ? undefined : this.takeOldest();
  }

  /** Drops all; gives what was kept. */
  clear(): Value[] {
    const values = [...this.kept.values()];
    this.kept.clear();
    this.newest = null;
    return values;
  }

  private use(key: Key, value: Value): void {
    this.kept.delete(key);
    this.kept.set(key, value);
    this.newest = { key, value };
  }

  private takeOldest(): Value {
    const [key, value] = this.kept.entries().next().value!;
    this.kept.delete(key);
    if (this.newest?.key === key) this.newest = null;
    return value;
  }
}
