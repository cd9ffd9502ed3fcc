import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addressSpace } from '../../src/core/address-space';

const built = path.join(__dirname, '../../dist/src');

/** Runs Node with so many GiB of addresses, as clusters limit them; one memory of WebAssembly takes 10. */
function limited(gibibytes: number, given: readonly string[]) {
  const command = 'ulimit -v "$1" && shift && exec node "$@"';
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', command, 'sh', String(gibibytes * 2 ** 20), ...given],
    { encoding: 'utf8', timeout: 50_000 },
  );
  return { status, stdout, stderr };
}

/** What a script of a few lines prints, as JSON. */
function told(gibibytes: number, script: string): unknown {
  const { stdout, stderr } = limited(gibibytes, [
    '-e',
    `const { executorNamed } = require('${built}/synapse/executor-named');
     const { chooseEngine } = require('${built}/engine/auto');
     const failed = (promise) => promise.then(() => null, (error) => error.constructor.name + ': ' + error.message);
     (async () => { ${script} })().then((told) => console.log(JSON.stringify(told)));`,
  ]);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('where addresses are limited', () => {
  it('rules that nobody asked for run by GPU.js without WebAssembly, and its report says why', () => {
    const script = `
      const rules = await executorNamed('auto');
      const value = Float64Array.of(3);
      rules.run(require('${built}').defineRule('double', { value: 'function f(value) { return 2 * value[this.thread.x]; }' }), { value });
      return { value: value[0], ...rules.report, byName: await failed(executorNamed('gpujs')) };`;
    const why =
      /each memory of WebAssembly takes 10 GiB of addresses, and this process may have 8 GiB \(ulimit -v\)/;
    expect(told(8, script)).toEqual({
      ...{ value: 6, executor: 'gpujs', precision: 'float32', mode: 'cpu' },
      fallbackReason: expect.stringMatching(why),
      byName: expect.stringMatching(
        new RegExp(`^KernelError: GPU.js cannot run.*${why.source}.*--rules plain`),
      ),
    });
  });

  it('the engine is one without WebAssembly, and simd by its name is refused with the reason', () => {
    const script = `
      const { engine, passedOver } = await chooseEngine('auto');
      return { engine: engine.name, passedOver, byName: await failed(chooseEngine('simd')) };`;
    expect(told(8, script)).toEqual({
      engine: 'reference',
      passedOver: [expect.any(String), expect.stringMatching(/^simd: .*finds no memory.*8 GiB/)],
      byName: expect.stringMatching(
        /^InputError: Engine "simd" is not available here: .*[^.]\. Got "simd"\.$/,
      ),
    });
  });

  it('a run is done all the same, and says in its first lines what it took instead', () => {
    const runs = mkdtempSync(path.join(os.tmpdir(), 'metaplast-'));
    const run = ['run', 'boston', '--preset', 'smoke', '--set', 'metaSteps=1', '--runs', runs];
    const { status, stderr } = limited(16, [`${built}/cli/main.js`, ...run]);
    rmSync(runs, { recursive: true });
    expect(stderr).toMatch(/engine simd .*rules gpujs \(cpu, float32, not in WebAssembly: .*16 GiB/);
    expect(status).toBe(0);
  });
});

it('a process without a limit on addresses has Infinity of them, and so has a system that does not say', () => {
  const line = (limit: string) =>
    `Limit  Soft Limit\nMax address space         ${limit}   unlimited  bytes\n`;
  expect(addressSpace(line('unlimited'))).toBe(Infinity);
  expect(addressSpace('')).toBe(Infinity);
  expect(addressSpace(line('8589934592'))).toBe(2 ** 33);
});
