import fs from 'node:fs';
import path from 'node:path';
import * as metaplast from '../../src';

test('the page on episodes does what it says', async () => {
  const page = fs.readFileSync(path.join(__dirname, '../../docs/howto/episode.md'), 'utf8');
  const example = /```ts\nimport [^\n]*\n(.*?)```/s.exec(page)![1]!;
  const run = new Function('episodeMetaGradient', 'console', `return (async () => {${example}})();`);
  const lines: unknown[][] = [];
  await run(metaplast.episodeMetaGradient, { log: (...words: unknown[]) => lines.push(words) });
  expect(lines.map(([method]) => method)).toEqual(['maml', 'firstOrderMaml', 'reptile', 'imaml']);
  const norms = lines.map(([, norm]) => norm as number);
  for (const norm of norms) expect(norm).toBeGreaterThan(0);
  expect(new Set(norms).size).toBe(4);
});
