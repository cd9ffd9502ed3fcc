import fs from 'node:fs';
import path from 'node:path';
import { repository } from './command';

export interface OwnStream {
  /** What the source does to task `i`, whose points are `data`, before it returns them: statements in JavaScript. */
  readonly spoil?: string;
  /** The same for unseen tasks. */
  readonly spoilUnseen?: string;
  /** Units in each of the two hidden layers. */
  readonly hidden?: number;
  /** Metaplast's index in the repository: its sources, or the build where a process of its own runs the scenario. */
  readonly library?: string;
}

/** Writes a user's own scenario over small sinusoids into a folder, and returns its file. */
export function writeOwnStream(
  folder: string,
  { spoil = '', spoilUnseen = '', hidden = 4, library = 'src/index.ts' }: OwnStream,
): string {
  const source = (statements: string): string => `() => {
    let drawn = 0;
    const sinusoids = m.sinusoids({ support: 4, query: 4, amplitude: [0.1, 1] });
    return {
      name: 'own',
      sample(random) { const i = drawn++; const data = sinusoids.sample(random); ${statements} return data; },
    };
  }`;
  const file = path.join(folder, 'own.js');
  fs.writeFileSync(
    file,
    `const m = require('${path.join(repository, library)}');
    exports.default = m.fewShotScenario({
      name: 'own', question: 'Does it go on?', source: ${source(spoil)}, unseen: ${source(spoilUnseen)},
      network: () => m.mlp([1, ${hidden}, ${hidden}, 1], { activation: 'tanh', synapse: m.complexSynapse }),
    });`,
  );
  return file;
}
