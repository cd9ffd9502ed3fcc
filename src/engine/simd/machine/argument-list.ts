/**
 * Numbers to call a function with many times. A list that holds something else for a moment keeps each of its numbers boxed, once and
 * for all; one that has held numbers alone keeps them bare, and each call boxes them anew.
 */
export function argumentList(numbers: ArrayLike<number>): number[] {
  const list: (number | undefined)[] = Array.from(numbers, () => undefined);
  for (let i = 0; i < numbers.length; i++) list[i] = numbers[i]!;
  return list as number[];
}
