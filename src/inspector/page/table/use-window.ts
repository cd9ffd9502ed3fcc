import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type RowWindow, rowWindow } from './window';

/** Follows how far a scrolled box is scrolled, and which of its rows are to be drawn. */
export function useWindow<E extends HTMLElement = HTMLElement>(
  count: number,
  rowHeight: number,
): RowWindow & { readonly box: RefObject<E | null>; readonly show: (row: number) => void } {
  const box = useRef<E>(null);
  const [[scrolled, height], setPlace] = useState<readonly [number, number]>([0, 800]);
  useLayoutEffect(() => {
    const element = box.current!;
    const look = () =>
      setPlace((last) =>
        last[0] === element.scrollTop && last[1] === element.clientHeight
          ? last
          : [element.scrollTop, element.clientHeight],
      );
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const show = (row: number) => {
    const element = box.current!;
    const head = element.querySelector('thead')?.clientHeight ?? 0;
    const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight + head];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom - element.clientHeight;
  };
  return { ...rowWindow(scrolled, height, rowHeight, count), box, show };
}

/** For a `tbody` of the class `windowed`: the height of the rows left away before and after those drawn. */
export const roomAround = (before: number, after: number) => ({
  '--before': `${before}px`,
  '--after': `${after}px`,
});
