/** What was asked for last, up to so many bytes: who comes back need not wait. */
export class Kept<Value> {
  private readonly held = new Map<string, { readonly value: Value; readonly bytes: number }>();
  private total = 0;

  constructor(private readonly mostBytes: number) {}

  get(key: string): Value | undefined {
    const found = this.held.get(key);
    if (found === undefined) return undefined;
    // Last in the order of the map: what is left out first is what nobody has asked for longest.
    this.held.delete(key);
    this.held.set(key, found);
    return found.value;
  }

  has(key: string): boolean {
    return this.held.has(key);
  }

  /** What is larger than all that may be kept is not kept. */
  set(key: string, value: Value, bytes: number): void {
    this.remove(key);
    if (bytes > this.mostBytes) return;
    for (const oldest of this.held.keys()) {
      if (this.total + bytes <= this.mostBytes) break;
      this.remove(oldest);
    }
    this.held.set(key, { value, bytes });
    this.total += bytes;
  }

  get bytes(): number {
    return this.total;
  }

  private remove(key: string): void {
    this.total -= this.held.get(key)?.bytes ?? 0;
    this.held.delete(key);
  }
}
