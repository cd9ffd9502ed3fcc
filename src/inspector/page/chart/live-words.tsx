import { useEffect, useState } from 'preact/hooks';

/** Says what was last put into it, once it has not changed for a moment: a key held down says one thing, not forty. */
export function LiveWords({ words }: { words: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(words), 350);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <p class="unseen" aria-live="polite">
      {said}
    </p>
  );
}
