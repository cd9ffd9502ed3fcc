import { useRef } from 'preact/hooks';
import { type Tab, tab, tabs } from './run-state';

const names: Readonly<Record<Tab, string>> = {
  overview: 'Overview',
  curves: 'Curves',
  clock: 'Clock',
  trust: 'Trust',
  neurons: 'Neurons',
};

/** Left and right arrows choose, as Tab leaves. */
export function TabList({ counts }: { counts: Readonly<Partial<Record<Tab, string>>> }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.indexOf(tab.value);
    const moves: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length]!;
    tab.slide(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Parts of the run" ref={list} onKeyDown={onKeyDown}>
      {tabs.map((name) => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          aria-selected={tab.value === name}
          aria-controls="tab-panel"
          tabIndex={tab.value === name ? 0 : -1}
          onClick={() => tab.go(name)}
        >
          {names[name]}
          {counts[name] !== undefined && <span class="tab-note">{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}
