/** What the clock says, before anything is measured. Tasks, phases and steps are counted from 0. */
export type Tick =
  | { readonly kind: 'task-start'; readonly task: number }
  | PhaseTick<'phase-start'>
  | SweepTick
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

/**
 * Neurons on their way to rest, on one of the batches that the next steps learn from, before synapses move. Told only where a plan asks for it.
 */
export interface SweepTick extends PhaseTick<'sweep'> {
  /** Inner steps taken in the phase so far. */
  readonly step: number;
  /** Sweeps that the neurons have moved by since the forward pass; 0 is the forward pass itself. */
  readonly sweep: number;
  /** What the neurons see: training data, or what is replayed. */
  readonly on: 'train' | 'replay';
}

/** `count` inner steps in a row, from step `first` of the phase on. */
export interface StepTick extends PhaseTick<'step'> {
  readonly first: number;
  readonly count: number;
}
