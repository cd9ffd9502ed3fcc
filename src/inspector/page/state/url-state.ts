import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Codec } from './codec';

/** Where the state is kept: the browser's address and history, or what a test has in their place. */
export interface Place {
  /** The query, with its `?`. */
  readonly query: () => string;
  /** `push` makes an entry to go back to. */
  readonly write: (query: string, how: 'push' | 'replace') => void;
  readonly onBackOrForward: (listener: () => void) => void;
}

/** One name of the query, with its type. */
interface Parameter<T> {
  readonly name: string;
  /** Reading it inside a component or a computed signal makes that follow it. */
  readonly value: T;
  /** Shows the value and replaces the entry of the history: for what changes continuously, such as a scrubber. */
  readonly slide: (value: T) => void;
  /** Shows the value and makes an entry of the history, to go back from. */
  readonly go: (value: T) => void;
  /** For `State.go` and `State.address`, which set several at once. */
  readonly to: (value: T) => Change;
}

export interface Change {
  readonly name: string;
  /** Null where the value is the one that is meant without any. */
  readonly written: string | null;
}

export interface State {
  readonly parameter: <T>(name: string, codec: Codec<T>, otherwise: T) => Parameter<T>;
  /** What the address asks for that is not legal, each in a sentence; the value that is meant without any is shown for it. */
  readonly refused: ReadonlySignal<readonly string[]>;
  readonly go: (changes: readonly Change[]) => void;
  readonly slide: (changes: readonly Change[]) => void;
  /** The query after these changes: what a link to there says. */
  readonly address: (changes: readonly Change[]) => string;
}

/** Browsers refuse to have their history written to hundreds of times a minute, as a scrubber would. */
const writeAfter = 120;

export function openState(place: Place): State {
  const query = signal(place.query());
  const search = computed(() => new URLSearchParams(query.value));
  const refusals: ReadonlySignal<string | null>[] = [];
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const writeNow = () => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    waiting = undefined;
    place.write(query.peek(), 'replace');
  };
  place.onBackOrForward(() => {
    clearTimeout(waiting);
    waiting = undefined;
    query.value = place.query();
  });

  const address = (changes: readonly Change[]) => {
    const next = new URLSearchParams(query.peek());
    for (const { name, written } of changes) {
      if (written === null) next.delete(name);
      else next.set(name, written);
    }
    const words = next.toString();
    return words === '' ? '' : `?${words}`;
  };
  const slide = (changes: readonly Change[]) => {
    const next = address(changes);
    if (next === query.peek()) return;
    query.value = next;
    waiting ??= setTimeout(writeNow, writeAfter);
  };
  const go = (changes: readonly Change[]) => {
    const next = address(changes);
    writeNow();
    if (next === query.peek()) return;
    query.value = next;
    place.write(next, 'push');
  };

  return {
    address,
    go,
    slide,
    refused: computed(() => refusals.map((refusal) => refusal.value).filter((words) => words !== null)),
    parameter<T>(name: string, codec: Codec<T>, otherwise: T) {
      const written = computed(() => search.value.get(name));
      const read = computed(() => (written.value === null ? otherwise : codec.read(written.value)));
      const value = computed(() => read.value ?? otherwise);
      refusals.push(
        computed(() =>
          read.value === undefined
            ? `The address asks for ${name}=${written.value}, which is not legal (${codec.legal}).`
            : null,
        ),
      );
      const plain = codec.write(otherwise);
      const to = (next: T): Change => {
        const words = codec.write(next);
        return { name, written: words === plain ? null : words };
      };
      return {
        name,
        get value() {
          return value.value;
        },
        to,
        slide: (next: T) => slide([to(next)]),
        go: (next: T) => go([to(next)]),
      };
    },
  };
}
