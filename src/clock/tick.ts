/** What the clock says, before anything is measured. Tasks, phases and steps are counted from 0. */
export type Tick =
  | { readonly kind: 'task-start'; readonly task: number }
  | PhaseTick<'phase-start'>
  | StepTick
  | PhaseTick<'phase-end'>
  | { readonly kind: 'meta-update'; readonly task: number }
  | { readonly kind: 'task-end'; readonly task: number };

/** What every event of a phase says of it. */
export interface PhaseTick<Kind extends string> {
  readonly kind: Kind;
  readonly task: number;
  /** 0 is the free phase. */
  readonly phase: number;
  /** Nudging strength; 0 in the free phase. */
  readonly beta: number;
}

/** `count` inner steps in a row, from step `first` of the phase on. */
export interface StepTick extends PhaseTick<'step'> {
  readonly first: number;
  readonly count: number;
}
