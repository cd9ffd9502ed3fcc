import { numberText } from '../../inspector/account/rule-lines';
import type { Account } from '../../inspector/protocol/traces';

/** What the rule saw and did to one synapse at one meta-update, for a terminal. */
export function reportAccount({ moment, penalty, variables, notes }: Account): string[] {
  return [
    `what the rule saw and did after task ${moment.task} (R = ${penalty}):`,
    ...variables.flatMap(({ variable, lines, before, after, change }) => [
      `  ${variable}: ${numberText(before)} -> ${numberText(after)} (${change < 0 ? '' : '+'}${numberText(change)})`,
      ...lines.flatMap(({ words, formula, numbers, value, recorded }) => [
        `    ${words}`,
        `      ${formula}`,
        `      = ${numbers} = ${numberText(value)}${recorded === null ? '' : `; recorded ${numberText(recorded)}`}`,
      ]),
    ]),
    ...notes.map((note) => `  ${note}`),
  ];
}
