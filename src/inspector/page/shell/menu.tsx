import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What opens below a word, and closes by Escape or by a press elsewhere. */
export function Menu({ words, children }: { words: ComponentChildren; children: ComponentChildren }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = ({ target }: Event) => {
      if (menu.current !== null && !menu.current.contains(target as Node)) menu.current.open = false;
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || menu.current?.open !== true) return;
    menu.current.open = false;
    menu.current.querySelector('summary')!.focus();
    event.stopPropagation();
  };
  return (
    <details class="menu" ref={menu} onKeyDown={onKeyDown}>
      <summary>{words}</summary>
      <div class="menu-box">{children}</div>
    </details>
  );
}
