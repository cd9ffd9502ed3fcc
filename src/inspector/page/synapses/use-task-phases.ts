import { useEffect, useState } from 'preact/hooks';
import { type Phase, phasesOfTask } from './scrubber/phases';
import type { WatchedTrace } from './watched-trace';

/** Asked for once the scrubber rests so long, in milliseconds. */
const rest = 120;

/** The phases of the task that the row shown lies in; null until they are known, and where they are too many to know. */
export function useTaskPhases({ source, shown }: WatchedTrace): readonly Phase[] | null {
  const [phases, setPhases] = useState<readonly Phase[] | null>(null);
  const row = shown.value?.row;
  useEffect(() => {
    if (row === undefined) return;
    let current = true;
    const find = async () => {
      try {
        const known = await source.phases(row, (found) => phasesOfTask(found, row) !== null);
        const next = phasesOfTask(known, row);
        if (current) setPhases((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
      } catch {
        // The row itself says what is wrong.
      }
    };
    const timer = setTimeout(find, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [source, row]);
  return phases;
}
