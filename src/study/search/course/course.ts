import { InputError } from '../../../core/errors';
import { nearestNames } from '../../compare/match-metrics';
import { type Better, compareValues } from '../decisions/verdict';
import { type MetricRecord, recordNumbers } from './record-numbers';

/** A value, and the meta-step at which it was recorded. */
interface CoursePoint {
  readonly metaStep: number;
  /** null where it is no finite number. */
  readonly value: number | null;
}

/** What a trial has recorded of one metric by meta-step, line by line. */
export class Course {
  private readonly names = new Set<string>();
  private readonly methods = new Set<string>();
  private sum = 0;
  private isWhole = true;
  private bestSoFar: number | null = null;
  private readonly course: CoursePoint[] = [];
  /** The highest meta-step of any record; null before the first. */
  metaStep: number | null = null;

  constructor(
    private readonly metric: string,
    private readonly better: Better,
  ) {}

  /** Lines of a record that names no meta-step, such as a look at other tasks, belong to the meta-step before them. */
  add(record: MetricRecord): void {
    const { metaStep = this.metaStep ?? 0, method } = record;
    if (typeof metaStep !== 'number') return;
    const numbers = recordNumbers(record);
    for (const name of numbers.keys()) this.names.add(name);
    if (typeof record.metaStep === 'number') this.metaStep = metaStep;
    const value = numbers.get(this.metric);
    if (value === undefined) return;
    if (typeof method === 'string') this.methods.add(method);
    if (this.course.length === 0 || compareValues(value, this.bestSoFar, this.better) < 0)
      this.bestSoFar = value;
    if (value === null) this.isWhole = false;
    this.sum += value ?? 0;
    this.course.push({ metaStep, value });
  }

  /** The last value; null before the first. */
  get last(): CoursePoint | null {
    return this.course.at(-1) ?? null;
  }

  /** The last value up to a meta-step; null where there is none, or it is no finite number. */
  upTo(metaStep: number): number | null {
    return this.course.findLast((point) => point.metaStep <= metaStep)?.value ?? null;
  }

  /** The best value up to now. */
  get best(): number | null {
    return this.bestSoFar;
  }

  /** The mean of all values up to now; null where one was no finite number. */
  get mean(): number | null {
    return this.isWhole && this.course.length > 0 ? this.sum / this.course.length : null;
  }

  /**
   * @param isOver Whether no further record will come.
   * @throws InputError where several methods were recorded, nothing of this name, or nothing by meta-step.
   */
  check(isOver = false): void {
    if (this.methods.size > 1)
      throw new InputError({
        what: 'A search compares what one method comes to, and a trial of it runs several',
        got: [...this.methods].join(', '),
        advice: 'Choose one: --method NAME',
      });
    if (this.course.length > 0 && !(isOver && this.metaStep === null)) return;
    const names = [...this.names];
    throw new InputError({
      what: `No trial records the metric "${this.metric}" (--metric) up to here, meta-step ${this.metaStep ?? 0}`,
      legal:
        this.metaStep === null
          ? 'none: the scenario records nothing by metaStep, and only what it records so can be searched by'
          : nearestNames(this.metric, names, names.length).join(', '),
    });
  }
}
