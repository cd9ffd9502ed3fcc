import type { RunPlan } from '../clock/schedule';
import type { MetaUpdateEvent, PhaseEndEvent, SimulationEvent, StepEvent } from '../learning/events';
import type { MetaRule } from '../learning/meta-rule';
import type { Population } from '../synapse/population';
import { type AccountColumn, accountColumns, noMetaRule, writeAccount } from './account-columns';
import {
  checkProbe,
  describeMoments,
  momentColumns,
  momentUnits,
  mostBytes,
  type Probe,
  type ProbeMoment,
  selectSynapses,
} from './probe';
import { type StoredSynapses, storeSynapses } from './recorded-synapses';
import type { RowSource } from './row-source';

/** What `index.json` says of one trace. */
export interface TraceEntry {
  readonly file: string;
  readonly shape: readonly [number, number, number];
  readonly axes: readonly ['row', 'variable', 'synapse'];
  readonly dtype: '<f8';
  readonly variables: readonly string[];
  /** Weights and strengths have no physical unit. */
  readonly units: Readonly<Record<string, string>>;
  readonly at: ProbeMoment;
  /** Of how many moments one is recorded; for `step`, the inner steps from one row to the next. */
  readonly every: number;
  /** Which synapses its columns are: `new RecordedSynapses(entry.synapses)`. */
  readonly synapses: StoredSynapses;
  /** Whose trace it is: traces of one source are of the same synapses. */
  readonly source?: string;
  /** The companion file that says for each row which moment it is. */
  readonly when: {
    readonly file: string;
    readonly columns: readonly string[];
    readonly units: readonly string[];
  };
  /** How slow variables move, of a trace that says what the rule saw; its variables are then those asked for, and behind them `columns`. */
  readonly account?: { readonly columns: readonly AccountColumn[]; readonly rule: MetaRule };
}

/** Whose synapses they are. */
interface Owner {
  readonly population: Population;
  readonly stride: number;
  readonly metaRule?: MetaRule;
}

type Moment = StepEvent | PhaseEndEvent | MetaUpdateEvent;

/** Variables of synapses as rows of [variables][synapses]. */
export class SynapseRows implements RowSource<TraceEntry> {
  readonly rowShape: readonly [number, number];
  readonly momentColumns = momentColumns;
  readonly reads: readonly number[];
  private readonly stored: StoredSynapses;
  /** What of the rule is recorded beside the probe's variables. */
  private readonly account: TraceEntry['account'];

  /** @throws InputError where the probe does not fit what it is of. */
  constructor(
    private readonly probe: Probe,
    private readonly owner: Owner,
  ) {
    checkProbe(probe, owner.population, owner.stride);
    this.reads = selectSynapses(owner.population, probe.synapses);
    this.stored = storeSynapses(this.reads, owner.population.topology);
    this.account = probe.account ? accountOf(owner) : undefined;
    this.rowShape = [this.variables.length, this.reads.length];
  }

  get inWords(): string {
    const { variables, at, every } = this.probe;
    return `${variables.join(', ')} ${describeMoments(at, at === 'step' ? this.owner.stride : 1, every)}`;
  }

  mostBytes(run: RunPlan): number {
    return mostBytes(this.probe, this.owner.population, run, this.columns);
  }

  isMoment(event: SimulationEvent): event is Moment {
    if (event.kind !== this.probe.at) return false;
    const { phase } = this.probe;
    if (phase !== undefined && event.kind === 'phase-end' && event.phase !== phase) return false;
    // Nothing was moved, so there is nothing to account for.
    return !(this.account !== undefined && event.kind === 'meta-update' && event.moves === null);
  }

  isDue(event: Moment, seen: number): boolean {
    const { every = 1 } = this.probe;
    return event.kind === 'step' ? (event.first + event.count) % every === 0 : seen % every === 0;
  }

  fill(event: Moment, row: Float64Array): void {
    const { reads, owner } = this;
    let column = 0;
    for (const variable of this.probe.variables) {
      const values = owner.population.values(variable);
      for (const index of reads) row[column++] = values[index]!;
    }
    for (const account of this.columns) {
      writeAccount(account, event as MetaUpdateEvent, owner.population, reads, row, column);
      column += reads.length;
    }
  }

  momentOf(event: Moment): number[] {
    return momentOf(event);
  }

  entry(name: string, rows: number, source: string | undefined): TraceEntry {
    const { at, every = 1 } = this.probe;
    const { variables, account } = this;
    return {
      file: `${name}.npy`,
      shape: [rows, ...this.rowShape],
      axes: ['row', 'variable', 'synapse'],
      dtype: '<f8',
      variables,
      units: Object.fromEntries(variables.map((variable) => [variable, 'dimensionless'])),
      at,
      every: Math.max(every, at === 'step' ? this.owner.stride : 1),
      synapses: this.stored,
      ...(source === undefined ? {} : { source }),
      when: { file: `${name}.when.npy`, columns: momentColumns, units: momentUnits },
      ...(account === undefined ? {} : { account }),
    };
  }

  private get columns(): readonly AccountColumn[] {
    return this.account?.columns ?? [];
  }

  private get variables(): readonly string[] {
    return [...this.probe.variables, ...this.columns.map(({ name }) => name)];
  }
}

function accountOf({ metaRule }: Owner): NonNullable<TraceEntry['account']> {
  if (metaRule === undefined) throw noMetaRule();
  return { columns: accountColumns(metaRule), rule: metaRule };
}

/** Task, phase, beta, step and residual of an event; a meta-update is of no phase, which is written as -1. */
function momentOf(event: Moment): number[] {
  switch (event.kind) {
    case 'step':
      return [event.task, event.phase, event.beta, event.first + event.count, event.residual];
    case 'phase-end':
      return [event.task, event.phase, event.beta, event.steps, event.residual];
    default:
      return [event.task, -1, 0, event.kind === 'meta-update' ? event.tasks : 0, Number.NaN];
  }
}
