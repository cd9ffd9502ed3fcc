import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository, startProcess } from '../../cli/command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-threads-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Far longer than any of these takes: whoever is not over by then hangs. */
const longest = 30_000;

/** A process that runs these lines with the library as `m`; it is killed, with status null, where it does not end. */
async function ended(lines: string, ...flags: readonly string[]) {
  const code = `const m = require('${repository}/dist/src'); (async () => { ${lines} })();`;
  const running = startProcess([...flags, '-e', code]);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), longest);
  const finished = await running.ended;
  clearTimeout(timer);
  return finished;
}

const opened = `
  const engine = m.simdEngine({ blas: 'auto' });
  const network = m.mlp([20, 60, 5], { synapse: m.complexSynapse });
  const sessions = await engine.openSideBySide(network, 2);`;

/** In place of koffi: notes in a file when its loading begins, a while later that it ends, and finds no library. */
const slowLibrary = path.join(home, 'slow-library.js');
const notes = path.join(home, 'notes.txt');
fs.writeFileSync(
  slowLibrary,
  `const { Module } = require('node:module');
  const { appendFileSync } = require('node:fs');
  const load = Module._load;
  Module._load = (name, ...rest) => {
    if (name !== 'koffi') return load(name, ...rest);
    appendFileSync('${notes}', 'b');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    appendFileSync('${notes}', 'e');
    return { load() { throw new Error('there is none'); } };
  };`,
);

describe('the process ends', () => {
  it('with sessions in threads that nobody has asked anything, nor closed', async () => {
    expect(await ended(`${opened} console.log(sessions.length);`)).toEqual({
      status: 0,
      out: '2\n',
      err: '',
    });
  });

  it.each([
    ['it is told to', 'process.exit(7);', 7],
    ['nothing is left to do', 'process.exitCode = 7;', 7],
  ])('when its threads have loaded the library that they were loading, where %s', async (_, end, status) => {
    fs.writeFileSync(notes, '');
    expect((await ended(`${opened} ${end}`, '-r', slowLibrary)).status).toBe(status);
    // In the main thread, and in two more.
    expect([...fs.readFileSync(notes, 'utf8')].sort().join('')).toBe('bbbeee');
  });
});

it('a session that is forgotten gives its memory and its thread back, once its thread is done', async () => {
  const lines = `
    const { openMachine } = require('${repository}/dist/src/engine/simd/machine/machine.js');
    const { threadPool } = require('${repository}/dist/src/engine/simd/threads/thread-pool.js');
    const { memory } = openMachine('wasm');
    const engine = m.simdEngine({ blas: 'wasm' });
    const network = m.mlp([20, 60, 5], { synapse: m.complexSynapse });
    const x = new Float64Array(200 * 20).fill(0.1), y = new Float64Array(200 * 5).fill(1);
    const train = { samples: 200, inputs: 20, targets: 5, x, y };
    const phase = { inner: m.sgd({ rate: 0.01 }), beta: 0, stepsTaken: 0, train, replay: null, tolerance: 0 };
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    const order = [];
    const forget = async () => {
      const [session] = await engine.openSideBySide(network, 1);
      session.settle({ ...phase, steps: 3000 }).then(() => order.push('settled'));
    };
    const watch = async () => {
      await forget();
      const held = memory.bytesInUse;
      while (memory.bytesInUse > 0) {
        if (memory.bytesInUse !== held && !order.includes('settled')) order.push('given back too early');
        gc();
        await turn();
      }
      order.push('given back');
    };
    await watch();
    await watch();
    console.log(order.join(', '), threadPool(memory).size);`;
  const { status, out, err } = await ended(lines, '--expose-gc');
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toBe('settled, given back, settled, given back 1\n');
});
