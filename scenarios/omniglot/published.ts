import type { FewShotFacts } from '../../src/few-shot/facts';
import { inPercent, inTheEnd } from '../../src/few-shot/run-stream';

/** The columns of the paper's Table 2, by ways and shots. */
const columns = ['5-way 1-shot', '5-way 5-shot', '20-way 1-shot', '20-way 5-shot'];

/** The paper's Table 2: accuracy in percent, and the deviation that it gives, in the order of the columns. */
const published: Readonly<Record<string, readonly string[]>> = {
  maml: ['98.7 +- 0.4', '99.9 +- 0.1', '95.8 +- 0.3', '98.9 +- 0.2'],
  fomaml: ['98.3 +- 0.5', '99.2 +- 0.2', '89.4 +- 0.5', '97.9 +- 0.1'],
  reptile: ['97.68 +- 0.04', '99.48 +- 0.06', '89.43 +- 0.14', '97.12 +- 0.32'],
  imaml: ['99.16 +- 0.35', '99.67 +- 0.12', '94.46 +- 0.42', '98.69 +- 0.1'],
  contrastive: ['98.11 +- 0.34', '99.49 +- 0.16', '94.16 +- 0.12', '98.06 +- 0.26'],
  modulation: ['98.05 +- 0.06', '99.45 +- 0.04', '94.24 +- 0.39', '98.60 +- 0.27'],
};

/** In the order of Table 2; other methods come behind these. */
const order = ['maml', 'fomaml', 'reptile', 'imaml', 'contrastive', 'modulation'];

interface Sizes {
  readonly ways: number;
  readonly shots: number;
  readonly filters: number;
  readonly filtersOfModulation: number | null;
}

/** This run's column of Table 2 beside the published one. */
export function publishedTable(
  { results }: FewShotFacts,
  { ways, shots, filters, filtersOfModulation }: Sizes,
): string[] {
  const column = `${ways}-way ${shots}-shot`;
  const place = columns.indexOf(column);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const rows = [...results]
    .sort((a, b) => rank(a.method.name) - rank(b.method.name))
    .map(({ method, history }) => {
      const { mean, halfWidth } = inPercent(inTheEnd(history).accuracies!.at(-1)!);
      const here = Number.isNaN(mean) ? 'failed' : `${mean.toFixed(2)} +- ${halfWidth.toFixed(2)}`;
      return [method.name, here, published[method.name]?.[place] ?? '-'];
    });
  const all = [['method', 'this run', 'published'], ...rows];
  const modulated = filtersOfModulation ?? filters;
  const counts = `${filters} ${filters === 1 ? 'filter' : 'filters'}${modulated === filters ? '' : ` (modulation ${modulated})`}`;
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `  ${row[0]!.padEnd(widths[0]!)}  ${row[1]!.padStart(widths[1]!)}  ${row[2]!.padStart(widths[2]!)}`;
  return [
    `Table 2, ${column}, accuracy in percent (this run: ${counts}, one seed, +- 95 % confidence interval over tasks; published: 64 filters, +- standard deviation over seeds):`,
    '',
    ...all.map(line),
    '',
  ];
}
