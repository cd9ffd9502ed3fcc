import type { Panel } from '../../../plot/figure';

/** What is drawn, but for the command. */
export interface DrawnPanels {
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
  readonly sharedAxes?: readonly ('x' | 'y')[];
  /** What of the runs could not be drawn. */
  readonly warnings: readonly string[];
}
