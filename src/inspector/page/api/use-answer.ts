import { useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../protocol/live';
import { askJson } from './ask';
import { problemOf } from './problem';

export interface Answer<T> {
  /** The last answer: while another is awaited, what was there before, so that nothing flickers. */
  readonly value: T | undefined;
  /** Of which address `value` is. */
  readonly of: string | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly again: () => void;
}

const nothing = { value: undefined, of: undefined, problem: undefined, loading: false };

/**
 * Asks whenever the address changes, and drops what was asked before. Null asks nothing.
 * @param version asks again when it changes, the address being the same: for what grows
 * @param read a function that stays the same one from call to call
 */
export function useAnswer<T>(
  address: string | null,
  version: string | number = 0,
  read: (address: string, signal: AbortSignal) => Promise<T> = askJson<T>,
): Answer<T> {
  const [answer, setAnswer] = useState<Omit<Answer<T>, 'again'>>({ ...nothing, loading: address !== null });
  const [tries, setTries] = useState(0);
  const asked = useRef('');
  // A new version or try asks again
  useEffect(() => {
    if (address === null) {
      setAnswer(nothing);
      return;
    }
    const controller = new AbortController();
    // What grows is shown as it is until there is more.
    const loading = asked.current !== address;
    asked.current = address;
    setAnswer((last) => ({ ...last, loading: last.loading || loading }));
    read(address, controller.signal).then(
      (value) => {
        if (controller.signal.aborted) return;
        setAnswer({ value, of: address, problem: undefined, loading: false });
      },
      (thrown) => {
        if (controller.signal.aborted) return;
        setAnswer((last) => ({ ...last, problem: problemOf(thrown), loading: false }));
      },
    );
    return () => controller.abort();
  }, [address, version, tries, read]);
  return { ...answer, again: () => setTries(tries + 1) };
}
