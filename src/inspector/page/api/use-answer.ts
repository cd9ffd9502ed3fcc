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

/** A request under way. */
interface Job {
  readonly address: string;
  readonly controller: AbortController;
  /** There is more than when it was asked: to be asked once again. */
  stale: boolean;
}

/**
 * Asks whenever the address changes, and drops what was asked before. Null asks nothing.
 * @param version asks again when it changes, the address being the same: for what grows. What is under way then comes first, so that an
 *   answer that takes longer than from one change to the next is shown nevertheless.
 * @param read a function that stays the same one from call to call
 */
export function useAnswer<T>(
  address: string | null,
  version: string | number = 0,
  read: (address: string, signal: AbortSignal) => Promise<T> = askJson<T>,
): Answer<T> {
  const [answer, setAnswer] = useState<Omit<Answer<T>, 'again'>>({ ...nothing, loading: address !== null });
  const [tries, setTries] = useState(0);
  const job = useRef<Job | null>(null);

  const start = (wanted: string) => {
    const mine: Job = { address: wanted, controller: new AbortController(), stale: false };
    const { signal } = mine.controller;
    const over = (next: (last: Omit<Answer<T>, 'again'>) => Omit<Answer<T>, 'again'>) => {
      if (signal.aborted) return;
      job.current = null;
      setAnswer(next);
      if (mine.stale) start(wanted);
    };
    job.current = mine;
    // What grows is shown as it is until there is more.
    setAnswer((last) => ({ ...last, loading: last.of !== wanted }));
    read(wanted, signal).then(
      (value) => over(() => ({ value, of: wanted, problem: undefined, loading: false })),
      (thrown) => over((last) => ({ ...last, problem: problemOf(thrown), loading: false })),
    );
  };

  // A new version or try asks again.
  useEffect(() => {
    const now = job.current;
    if (now !== null && now.address === address) {
      now.stale = true;
      return;
    }
    now?.controller.abort();
    job.current = null;
    if (address === null) setAnswer(nothing);
    else start(address);
  }, [address, version, tries, read]);
  useEffect(() => () => job.current?.controller.abort(), []);
  return { ...answer, again: () => setTries(tries + 1) };
}
