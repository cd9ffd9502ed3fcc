/** A map of a limited, small size that drops what was used longest ago. Looking something up allocates nothing. */
export class RecentlyUsed<Key, Value> {
  /** What was used last stands first. */
  private readonly kept: { readonly key: Key; readonly value: Value }[] = [];

  constructor(private readonly most: number) {}

  /** What is kept under a key, which counts as a use of it. */
  get(key: Key): Value | undefined {
    const place = this.placeOf(key);
    if (place < 0) return undefined;
    this.moveToFront(place);
    return this.kept[0]!.value;
  }

  /** Keeps a value; gives the one that it drops for it, if any. */
  set(key: Key, value: Value): Value | undefined {
    const place = this.placeOf(key);
    if (place >= 0) this.kept.splice(place, 1);
    this.kept.unshift({ key, value });
    return this.kept.length > this.most ? this.kept.pop()!.value : undefined;
  }

  /** Takes out the value used longest ago where there is room for no other. */
  takeOldestIfFull(): Value | undefined {
    return this.kept.length < this.most ? undefined : this.kept.pop()!.value;
  }

  /** Drops all; gives what was kept. */
  clear(): Value[] {
    return this.kept.splice(0).map(({ value }) => value);
  }

  private placeOf(key: Key): number {
    for (let i = 0; i < this.kept.length; i++) if (this.kept[i]!.key === key) return i;
    return -1;
  }

  private moveToFront(place: number): void {
    const entry = this.kept[place]!;
    for (let i = place; i > 0; i--) this.kept[i] = this.kept[i - 1]!;
    this.kept[0] = entry;
  }
}
