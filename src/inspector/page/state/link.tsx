import type { ComponentChildren } from 'preact';
import { state } from './state';
import type { Change } from './url-state';

interface LinkProps {
  readonly to: readonly Change[];
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
  readonly tabIndex?: number;
  /** `page` for the one that leads to what is shown. */
  readonly current?: 'page' | undefined;
}

/** A link to a state of the page: a true address, which opens in a tab of its own too, followed without loading. */
export function Link({ to, children, current, ...others }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    state.go(to);
  };
  return (
    <a href={state.address(to) || '?'} onClick={follow} aria-current={current} {...others}>
      {children}
    </a>
  );
}
