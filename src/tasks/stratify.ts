/** Below this a share is a whole number but for the rounding of its fraction. */
const rounding = 1e-9;

/**
 * Shares samples out so that each part gets its fraction of every class, to the next whole number below or above: within one sample a
 * class. Parts that classes have left behind are the first to be rounded up in the next class, so that parts come out right as a whole.
 * @param order The samples, in the order in which parts take them.
 * @param classes The class of each sample.
 * @param fractions Of the parts; they sum to 1.
 */
export function stratify(
  order: ArrayLike<number>,
  classes: ArrayLike<number>,
  fractions: readonly number[],
): number[][] {
  const parts: number[][] = fractions.map(() => []);
  let seen = 0;
  for (const members of membersOf(order, classes)) {
    seen += members.length;
    const whole = fractions.map((fraction) => Math.floor(members.length * fraction + rounding));
    const behind = fractions.map((fraction, i) => seen * fraction - parts[i]!.length - whole[i]!);
    const roundedUp = fractions
      .map((fraction, i) => ({ i, left: members.length * fraction - whole[i]! }))
      .filter(({ left }) => left > rounding)
      .sort((a, b) => behind[b.i]! - behind[a.i]!)
      .slice(0, members.length - whole.reduce((sum, count) => sum + count, 0));
    for (const { i } of roundedUp) whole[i]!++;
    let from = 0;
    whole.forEach((count, i) => {
      for (const end = from + count; from < end; from++) parts[i]!.push(members[from]!);
    });
  }
  return parts;
}

/** The samples of each class, in their order; classes as they ascend, so that nothing depends on who comes first. */
function membersOf(order: ArrayLike<number>, classes: ArrayLike<number>): number[][] {
  const byClass = new Map<number, number[]>();
  for (let place = 0; place < order.length; place++) {
    const label = classes[order[place]!]!;
    const members = byClass.get(label);
    if (members === undefined) byClass.set(label, [order[place]!]);
    else members.push(order[place]!);
  }
  return [...byClass].sort(([a], [b]) => a - b).map(([, members]) => members);
}
