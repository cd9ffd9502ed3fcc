import { textTable } from '../compare/text-table';
import type { SettingImportance } from './setting-importance';

/** Pairs that are shown: those that explain as much. */
const leastOfAPair = 0.05;
/** Below it, the forest has not learned what values depend on. */
const leastPredicted = 0.2;

/**
 * A table of what values depend on, and how far it can be trusted.
 * @param of What they are: `heldOut at meta-step 10`.
 */
export function importanceText(importance: SettingImportance, of: string): string {
  const { settings, pairs, trials, without, predicted } = importance;
  const rows = [
    ...settings.map(({ path, share, deviation, byChance }) => ({
      name: path,
      share: `${percent(share)} ± ${percent(deviation)}`,
      chance: percent(byChance),
      note: share > byChance ? '' : 'no more than chance',
    })),
    ...pairs
      .filter(({ share }) => share >= leastOfAPair)
      .map(({ paths, share }) => ({
        name: paths.join(' with '),
        share: percent(share),
        chance: '',
        note: 'beyond each alone',
      })),
  ];
  const column = (head: string, align: 'left' | 'right', cell: (row: (typeof rows)[number]) => string) => ({
    ...{ head: [head], align, cells: rows.map(cell) },
  });
  const failed = without === 0 ? '' : `, ${without} without a number as the worst`;
  return [
    `What ${of} depends on, by ranks of ${trials} trials${failed}:`,
    ...textTable([
      column('setting', 'left', ({ name }) => name),
      column('explains', 'right', ({ share }) => share),
      column('by chance', 'right', ({ chance }) => chance),
      column('', 'left', ({ note }) => note),
    ]),
    predicted < leastPredicted
      ? `Of trials that it has not seen, the forest predicts ${percent(Math.max(0, predicted))} of the variance: too little to tell what matters.`
      : `Of trials that it has not seen, the forest predicts ${percent(predicted)} of the variance.`,
  ].join('\n');
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The same as comma-separated values, with all digits; pairs have two settings. */
export function importanceCsv({ settings, pairs }: SettingImportance): string {
  const rows = [
    ['setting', 'with', 'share', 'deviation', 'byChance'],
    ...settings.map(({ path, share, deviation, byChance }) => [path, '', share, deviation, byChance]),
    ...pairs.map(({ paths: [path, other], share }) => [path, other, share, '', '']),
  ];
  const { unparse } = require('papaparse') as typeof import('papaparse');
  return `${unparse(rows, { newline: '\n' })}\n`;
}
