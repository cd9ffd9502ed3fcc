import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../cli/command';

/**
 * Writes a method of a user's own, whose tasks take a while and each leave a line when they begin, so that a test knows what is under way, and how often.
 * @returns the file; it exports `slow({ milliseconds, log })`.
 */
export function writeSlowMethod(folder: string): string {
  const file = path.join(folder, 'slow-method.js');
  fs.writeFileSync(
    file,
    `const fs = require('node:fs');
    const m = require(${JSON.stringify(path.join(repository, 'dist/src/index.js'))});
    exports.slow = ({ milliseconds, log }) => ({
      name: 'slow', adaptation: m.sgd({ rate: 0.01 }), regularised: false, learns: 'anchor',
      async learn({ network, session, episode, start }) {
        fs.appendFileSync(log, episode.index + ' ' + process.pid + '\\n');
        const begin = performance.now();
        while (performance.now() - begin < milliseconds) {} // as one that computes: this thread does nothing else
        await session.write(network.synapse.fast, start);
        const { loss } = await session.evaluate(episode.heldOut);
        const gradient = await session.gradient(episode.heldOut);
        return { metaGradient: { [network.synapse.anchor]: gradient.slice() }, heldOutLoss: loss };
      },
    });`,
  );
  return file;
}

/** Which task began in which process, in that order. */
export function begun(log: string): readonly { readonly task: number; readonly pid: number }[] {
  if (!fs.existsSync(log)) return [];
  const lines = fs.readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [task, pid] = line.split(' ').map(Number);
    return { task: task!, pid: pid! };
  });
}
