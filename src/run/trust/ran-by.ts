import type { ExecutorReport } from '../../synapse/rule-executor';

/** What executed the rules, as a report's last line. */
export function ranBy({ executor, mode, precision, fallbackReason }: ExecutorReport): string {
  const how = `${executor}${mode === null ? '' : `, mode ${mode}`}, in ${precision}`;
  return `Contrast and meta-update ran by ${how}${fallbackReason === null ? '' : ` (${fallbackReason})`}.`;
}
