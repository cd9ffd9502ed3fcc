import type { BoundLayer, Passage } from '../layer-kernels';

/** A stretch of a pass that a part of a batch goes by itself, and what then joins all parts. */
export interface Stage {
  run(): void;
  /** null at the end. */
  readonly join: (() => void) | null;
}

/** What a pass runs, cut where a layer needs all samples. */
export class StageList {
  readonly all: Stage[] = [];
  private steps: (() => void)[] = [];

  constructor() {
    this.open();
  }

  do(step: () => void): void {
    this.steps.push(step);
  }

  through(layer: BoundLayer, passage: Passage, step: () => void): void {
    const gathering = layer.before?.[passage];
    if (gathering !== undefined) {
      this.do(() => gathering.gather());
      const { steps } = this;
      this.all[this.all.length - 1] = stageOf(steps, () => gathering.join());
      this.open();
    }
    this.do(step);
  }

  private open(): void {
    this.steps = [];
    this.all.push(stageOf(this.steps, null));
  }
}

function stageOf(steps: readonly (() => void)[], join: Stage['join']): Stage {
  return {
    run: () => {
      for (const step of steps) step();
    },
    join,
  };
}

export function runAll(stages: readonly Stage[]): void {
  for (const { run, join } of stages) {
    run();
    join?.();
  }
}
