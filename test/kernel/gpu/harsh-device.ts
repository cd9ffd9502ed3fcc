import { type BinaryExpression, type Node, parse } from 'acorn';
import { lowerForGpu } from '../../../src/kernel/gpu/lower-for-gpu';
import type { Kernel } from '../../../src/kernel/kernel';

const { fround } = Math;
const flushed = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : x);

/**
 * Arithmetic as a graphics card was found to do it (docs/results/webgpu.md), all of which WGSL allows: comparisons take subnormal numbers
 * for 0, though other functions see what they are; a division is a product with the reciprocal, which is 0 where it would be subnormal; a
 * logarithm between 1/2 and 2 has an absolute error.
 */
const operators: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  '+': (a, b) => fround(a + b),
  '-': (a, b) => fround(a - b),
  '*': (a, b) => fround(a * b),
  '/': (a, b) => fround(a * flushed(fround(1 / b))),
  '<': (a, b) => flushed(a) < flushed(b),
  '<=': (a, b) => flushed(a) <= flushed(b),
  '>': (a, b) => flushed(a) > flushed(b),
  '>=': (a, b) => flushed(a) >= flushed(b),
  '===': (a, b) => flushed(a) === flushed(b),
  '!==': (a, b) => flushed(a) !== flushed(b),
};

const functions = {
  ...Object.fromEntries(
    (['abs', 'floor', 'ceil', 'exp', 'sqrt'] as const).map((name) => [
      name,
      (x: number) => fround(Math[name](x)),
    ]),
  ),
  log(x: number): number {
    const power = Math.log2(x);
    const coarse = x >= 0.5 && x <= 2 ? Math.round(power * 2 ** 21) / 2 ** 21 : power;
    return fround(coarse * Math.LN2);
  },
};

/** A lowered kernel on such a device: what it gives for each synapse. */
export function runOnHarshDevice(kernel: Kernel, arrays: readonly ArrayLike<number>[]): number[] {
  const { source, functions: texts, numbers, numbersOf } = lowerForGpu(kernel, 'webgpu');
  const values = new Float64Array(numbers);
  numbersOf({}, values, 0);
  const text = [...texts, source].map(printed).join('\n');
  const run = new Function('operators', 'Math', `${text}\nreturn lowered;`)(operators, functions);
  const given = [...arrays, ...values].map((value) => (typeof value === 'number' ? fround(value) : value));
  return Array.from(arrays[0]!, (_, x) => run.apply({ thread: { x } }, given));
}

/** A text whose operators are the device's; x - x and x / x it simplifies, as if no number were NaN. */
function printed(text: string): string {
  const print = (node: Node): string => {
    const children = Object.values(node)
      .flat()
      .filter((child): child is Node => typeof (child as Node | null)?.type === 'string')
      .sort((a, b) => a.start - b.start);
    if (node.type === 'BinaryExpression') {
      const { left, right, operator } = node as BinaryExpression;
      const [a, b] = [print(left), print(right)];
      if (a === b && operator === '-') return '0';
      if (a === b && operator === '/') return '1';
      return `operators['${operator}'](${a}, ${b})`;
    }
    let [from, out] = [node.start, ''];
    for (const child of children) {
      out += text.slice(from, child.start) + print(child);
      from = child.end;
    }
    return out + text.slice(from, node.end);
  };
  return print(parse(text, { ecmaVersion: 2022 }));
}
