import type { Account } from '../../../protocol/traces';
import { shown } from '../../text/symbols';

/** How far what was reckoned is from what was recorded, relative to the larger; null where there is nothing to hold it against. */
export function apart(value: number, recorded: number | null): number | null {
  if (recorded === null) return null;
  const size = Math.max(Math.abs(value), Math.abs(recorded));
  if (value === recorded || size === 0) return 0;
  return Math.abs(value - recorded) / size;
}

/** In words: `the same`, `2e-16 apart`. */
export function apartInWords(value: number, recorded: number | null): string {
  const by = apart(value, recorded);
  if (by === null) return '';
  if (by === 0) return 'the same as recorded';
  return Number.isFinite(by) ? `${by.toExponential(1)} apart, relative` : 'not as recorded';
}

/**
 * Whether more of an account may come as its run goes on: it lacks something, be it that the ends of its last phases are in no file yet. Some notes
 * stay for good, and such an account is asked for once more now and then, as long as the run goes on.
 */
export const mayGrow = ({ notes, equilibria }: Account): boolean =>
  notes.length > 0 || equilibria.length === 0;

/** An account as text, to be copied. */
export function accountText(account: Account, synapse: string): string {
  const { moment, penalty, equilibria, variables, notes } = account;
  const lines = [
    `${synapse}: meta-update after task ${moment.task} (row ${moment.row})`,
    `R = ${shown(penalty)}`,
  ];
  for (const { task, phases } of equilibria) {
    for (const { beta, value } of phases)
      lines.push(`  task ${task}, ${beta === 0 ? 'free' : `nudged, β = ${beta}`}: ${value}`);
  }
  for (const { variable, lines: own, before, after, change } of variables) {
    lines.push('', `${shown(variable)}: ${before} → ${after}, Δ = ${change}`);
    for (const { words, formula, numbers, value, recorded } of own) {
      lines.push(`  ${shown(words)}`, `    ${shown(formula)}`, `    = ${shown(numbers)}`, `    = ${value}`);
      if (recorded !== null) lines.push(`    recorded: ${recorded} (${apartInWords(value, recorded)})`);
    }
  }
  return `${[...lines, ...(notes.length > 0 ? ['', ...notes.map(shown)] : [])].join('\n')}\n`;
}
