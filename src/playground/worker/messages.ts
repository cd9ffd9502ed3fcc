import type { ErrorData } from '../../core/error-data';
import type { Course, DerivedRules, Estimated, Exact, Judged, Progress, Sweep } from '../experiment/outcome';
import type { Settings } from '../experiment/settings';

/** What the page asks of its worker. The latest question wins: what is being worked on for an earlier one is given up. */
export type Question =
  | { readonly kind: 'run' | 'sweep'; readonly id: number; readonly settings: Settings }
  | { readonly kind: 'rules'; readonly id: number; readonly settings: Pick<Settings, 'penalty' | 'slow'> }
  | { readonly kind: 'stop' };

/** What the worker reports of a question, by its id. `over` is the last of each that was not given up. */
export type Answer = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'estimated'; readonly estimated: Estimated }
  | { readonly kind: 'broke'; readonly course: Course }
  | { readonly kind: 'compared'; readonly exact: Exact }
  | { readonly kind: 'judged'; readonly judged: Judged }
  | { readonly kind: 'swept'; readonly sweep: Sweep }
  | { readonly kind: 'rules'; readonly rules: DerivedRules | null; readonly error: ErrorData | null }
  | { readonly kind: 'over'; readonly error: ErrorData | null }
);
