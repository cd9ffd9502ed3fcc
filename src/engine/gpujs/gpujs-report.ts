import type { PlanReport } from './plan';

/** What ran last on an engine, in the words of GPU.js; a plan that was not fused is not forgotten over later ones. */
export interface GpujsReport extends PlanReport {
  /** Where neurons settle, for networks whose credit comes from neurons: not on the device. */
  readonly neurons?: string;
  /** The mode that was opened; `backend` says another one where GPU.js fell back. */
  readonly mode: string;
  /** What this device makes otherwise of numbers that are infinite or none, where it does. */
  readonly caveat?: string;
}
