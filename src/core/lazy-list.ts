import { type Inspect, shown } from './shown';

/**
 * An array-like list that makes each item when it is first asked for, so that views on ten million synapses cost
 * nothing until somebody looks. Out of range gives undefined, as arrays do. Printing starts with the list's name.
 */
export function lazyList<Item>(name: string, size: number, make: (index: number) => Item): readonly Item[] {
  const items: Item[] = [];
  const itemAt = (index: number): Item => {
    let item = items[index];
    if (item === undefined) {
      item = make(index);
      items[index] = item;
    }
    return item;
  };
  items.length = size;
  // Printing looks behind the proxy, where most items have not been made yet.
  const show = (_depth: number, _options: object, inspect: Inspect) => preview(name, size, itemAt, inspect);
  Object.defineProperty(items, shown, { value: show });
  return new Proxy(items, {
    get(target, key, receiver) {
      const index = indexOf(key);
      return index >= 0 && index < size ? itemAt(index) : Reflect.get(target, key, receiver);
    },
    has(target, key) {
      const index = indexOf(key);
      return (index >= 0 && index < size) || Reflect.has(target, key);
    },
  });
}

/** The index that a property's name stands for, or -1. */
function indexOf(key: string | symbol): number {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
}

/** How many items a printed list shows. */
const mostPrinted = 3;

function preview(name: string, size: number, itemAt: (index: number) => unknown, inspect: Inspect): string {
  const lines = Array.from(
    { length: Math.min(size, mostPrinted) },
    (_, index) => `  ${inspect(itemAt(index))},\n`,
  );
  const rest = size > mostPrinted ? `  ... ${size - mostPrinted} more\n` : '';
  return `${name}(${size}) [\n${lines.join('')}${rest}]`;
}
