import type { RandomStream } from '../../core/random';

/** What each of several groups is to give to each of several parts. */
export interface Shares {
  /** Members of each group. */
  readonly groups: readonly number[];
  /** Members of each part; they sum to those of the groups. */
  readonly parts: readonly number[];
  /** Whether a part must have one of a group at least. */
  readonly needed: (group: number, part: number) => boolean;
}

/**
 * Rounds the share groups[g] * parts[p] / total of each part in each group to the whole number below or above, so that every group is shared out
 * and every part filled exactly. Which shares are rounded up is drawn at random. A flow from groups to parts, by augmenting paths: without needs
 * there is always one (a table's rounding with its sums kept).
 * @returns [group][part], or undefined where the needs leave no such rounding.
 */
export function wholeShares(shares: Shares, stream: RandomStream): number[][] | undefined {
  const { groups, parts, needed } = shares;
  const total = groups.reduce((sum, members) => sum + members, 0);
  const whole = groups.map((members) => parts.map((size) => Math.floor((members * size) / total)));
  const canRise = groups.map((members) => parts.map((size) => (members * size) % total !== 0));
  const missing = groups.map((members, g) => members - sum(whole[g]!));
  const room = parts.map((size, p) => size - whole.reduce((filled, row) => filled + row[p]!, 0));
  const rounding = new Rounding(canRise, room);
  for (const [g, row] of whole.entries()) {
    for (const [p, share] of row.entries()) {
      if (share > 0 || !needed(g, p)) continue;
      if (!canRise[g]![p]! || missing[g] === 0 || room[p] === 0) return undefined;
      rounding.fix(g, p);
      missing[g]!--;
    }
  }
  for (const g of stream.permutation(groups.length)) {
    for (; missing[g]! > 0; missing[g]!--) {
      if (!rounding.raise(g, stream.permutation(parts.length))) return undefined;
    }
  }
  return whole.map((row, g) => row.map((share, p) => share + (rounding.isUp(g, p) ? 1 : 0)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Which shares are rounded up so far. */
class Rounding {
  private readonly up: boolean[][];
  private readonly fixed: boolean[][];

  constructor(
    private readonly canRise: readonly (readonly boolean[])[],
    /** How many more each part takes. */
    private readonly room: number[],
  ) {
    this.up = canRise.map((row) => row.map(() => false));
    this.fixed = canRise.map((row) => row.map(() => false));
  }

  isUp(group: number, part: number): boolean {
    return this.up[group]![part]!;
  }

  /** Rounds a share up for good. */
  fix(group: number, part: number): void {
    this.up[group]![part] = true;
    this.fixed[group]![part] = true;
    this.room[part]!--;
  }

  /** Rounds one more share of a group up; where a part is full, another group gives way to it and takes another part. */
  raise(group: number, order: ArrayLike<number>, tried = new Set<number>()): boolean {
    for (let i = 0; i < order.length; i++) {
      const part = order[i]!;
      if (tried.has(part) || this.up[group]![part]! || !this.canRise[group]![part]!) continue;
      tried.add(part);
      if (this.room[part]! > 0) this.room[part]!--;
      else if (!this.giveWay(part, order, tried)) continue;
      this.up[group]![part] = true;
      return true;
    }
    return false;
  }

  private giveWay(part: number, order: ArrayLike<number>, tried: Set<number>): boolean {
    for (const [group, row] of this.up.entries()) {
      if (!row[part]! || this.fixed[group]![part]! || !this.raise(group, order, tried)) continue;
      row[part] = false;
      return true;
    }
    return false;
  }
}
