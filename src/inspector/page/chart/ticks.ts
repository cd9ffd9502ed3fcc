/** Round values from `from` to `to`, some `about` of them; `whole` gives integers alone. */
export function linearTicks(from: number, to: number, about = 5, whole = false): number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / about;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * magnitude >= rough)! * magnitude;
  const size = whole ? Math.max(1, Math.round(step)) : step;
  const ticks: number[] = [];
  for (let i = Math.ceil(from / size - 1e-9); i * size <= to + 1e-9 * size; i++) {
    ticks.push(Number((i * size).toPrecision(12)));
  }
  return ticks;
}

/** Powers of ten from `from` to `to`, thinned out to `most`; where there are fewer than two, what lies between them too. */
export function logTicks(from: number, to: number, most = 7): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const powers = last - first + 1;
  if (powers < 2) {
    const below = 10 ** Math.floor(Math.log10(from));
    return [1, 2, 5, 10, 20, 50]
      .map((factor) => Number((factor * below).toPrecision(12)))
      .filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
  }
  const every = Math.ceil(powers / most);
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) ticks.push(Number(`1e${power}`));
  return ticks;
}
