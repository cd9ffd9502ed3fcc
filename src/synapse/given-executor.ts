import { checkExecutorName, executorNamed } from './executor-named';
import type { RuleExecutor } from './rule-executor';

/** An executor that somebody gave, which is theirs to close; or one of a name, opened when it is first needed, and closed here. */
export class GivenExecutor {
  private own: Promise<RuleExecutor> | null = null;

  /** @throws InputError where there is no executor of that name. */
  constructor(private readonly rules: RuleExecutor | string) {
    if (typeof rules === 'string') checkExecutorName(rules);
  }

  async open(): Promise<RuleExecutor> {
    if (typeof this.rules !== 'string') return this.rules;
    this.own ??= executorNamed(this.rules);
    return this.own;
  }

  /** Gives back what was opened here; the next `open` opens it anew. */
  async close(): Promise<void> {
    const opened = this.own;
    this.own = null;
    // What could not be opened was told to whoever asked for it.
    (await opened?.catch(() => null))?.close();
  }
}
