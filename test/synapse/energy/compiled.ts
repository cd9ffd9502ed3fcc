import { Energy } from '../../../src/synapse/energy/energy';

/** What the written source of an energy computes, in float64. */
export function compiled(energy: Energy, names: readonly string[]): (point: readonly number[]) => number {
  const { locals, texts } = Energy.write([energy], { spell: (name) => name, taken: names });
  const compute = new Function(...names, [...locals, `return ${texts[0]};`].join('\n'));
  return (point) => compute(...point) as number;
}
