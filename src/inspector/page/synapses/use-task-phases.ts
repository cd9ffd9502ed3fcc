import { useEffect, useState } from 'preact/hooks';
import { type Phase, phasesOfTask } from './scrubber/phases';
import type { WatchedTrace } from './watched-trace';

/** The phases of the task that the row shown lies in; null until they are known, and where they are too many to know. */
export function useTaskPhases({ source, shown }: WatchedTrace): readonly Phase[] | null {
  const [phases, setPhases] = useState<readonly Phase[] | null>(null);
  const row = shown.value?.row;
  useEffect(() => {
    if (row === undefined) return;
    let current = true;
    source
      .phases(row, (known) => phasesOfTask(known, row) !== null)
      .then(
        (known) => {
          const next = phasesOfTask(known, row);
          if (current) setPhases((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
        },
        () => {
          // The row itself says what is wrong.
        },
      );
    return () => {
      current = false;
    };
  }, [source, row]);
  return phases;
}
