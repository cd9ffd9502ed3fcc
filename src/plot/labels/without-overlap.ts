/** Something with a height that should lie around a place, in pixels. */
interface Placed {
  readonly centre: number;
  readonly height: number;
}

interface Block {
  readonly members: number[];
  /** Sum over the members of where each would have the block begin. */
  readonly wanted: number;
}

/**
 * Centres at which none of the items overlaps another: as near to the wanted ones as can be (least squares), in the same
 * order, between low and high. Where there is no room for all, they reach beyond high.
 */
export function withoutOverlap(items: readonly Placed[], low: number, high: number): number[] {
  const total = items.reduce((sum, { height }) => sum + height, 0);
  const most = Math.max(low, high - total);
  const begin = ({ wanted, members }: Block) => Math.min(most, Math.max(low, wanted / members.length));
  const order = items.map((_, i) => i).sort((a, b) => items[a]!.centre - items[b]!.centre || a - b);
  const blocks: Block[] = [];
  let above = 0; // the height of everything before an item: positions are compared with it taken away
  for (const member of order) {
    const { centre, height } = items[member]!;
    let last: Block = { members: [member], wanted: centre - height / 2 - above };
    above += height;
    for (
      let before = blocks.at(-1);
      before !== undefined && begin(before) > begin(last);
      before = blocks.at(-1)
    ) {
      blocks.pop();
      last = {
        members: [...before.members, ...last.members],
        wanted: before.wanted + last.wanted,
      };
    }
    blocks.push(last);
  }
  const centres: number[] = [];
  let top = 0;
  for (const block of blocks) {
    for (const member of block.members) {
      centres[member] = begin(block) + top + items[member]!.height / 2;
      top += items[member]!.height;
    }
  }
  return centres;
}
