import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, kill, onlyRun, repository, start, startedUntil } from '../cli/command';
import { bytes } from '../resume/bytes';
import { atStartMethod } from './at-start-method';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-project-'));
let count = 0;
const newFolder = () => fs.mkdtempSync(path.join(home, `${count++}-`));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** A project whose configuration has a method, a meta-optimiser and an engine. */
function project(from = 'dist/src/index.js', name = 'metaplast.config.js'): string {
  const folder = newFolder();
  fs.writeFileSync(
    path.join(folder, name),
    `const m = require(${JSON.stringify(path.join(repository, from))});
    const { z } = require(${JSON.stringify(path.join(repository, 'node_modules/zod'))});
    m.registerMetaOptimizer('steady', ({ rate }) => ({ ...m.sgd({ rate }), name: 'steady' }));
    ${atStartMethod}
    module.exports = m.defineConfig({ methods: [start] });`,
  );
  return folder;
}

const small = ['metaSteps=4', 'batch=2', 'unseen.tasks=3', 'unseen.steps=[0,5]', 'unseen.every=2'];
const argv = [
  ...['run', 'sinusoid', '--rules', 'plain', '--quiet', '--name', 'same', '--engine', 'copied'],
  ...['--method', 'at-start,maml', '--checkpoint-every', '1', '--set', 'meta.optimizer=steady'],
  ...small.flatMap((one) => ['--set', one]),
];

describe('the configuration in a project’s folder', () => {
  test('adds its methods, engines and optimisers to scenarios that come with metaplast', async () => {
    const folder = project();
    const listed = await start(['list', 'sinusoid'], folder).ended;
    expect(listed.out).toMatch(/nearest, at-start; several with commas, or all/);
    expect(listed.out).toContain('  at-start.share = 1: of the gradient that is used');
    expect(await start(argv, folder).ended).toMatchObject({ status: 0, err: '' });
    const directory = onlyRun(path.join(folder, 'runs'));
    const read = (name: string) => fs.readFileSync(path.join(directory, name), 'utf8');
    expect(Object.keys(JSON.parse(read('summary.json')).methods)).toEqual(['maml', 'at-start']);
    expect(read('env.json')).toContain('"copied"');
    expect(fs.readdirSync(path.join(directory, 'project'))).toEqual(['metaplast.config.js']);
  });

  test('is left out by --no-config, and taken from elsewhere by --config, which the run’s own command says', async () => {
    const folder = project('src/index.ts', 'other.js');
    const without = await command(...argv, '--no-config', '--runs', newFolder());
    expect(without).toMatchObject({ status: 2 });
    expect(without.err).toMatch(/no such (method|engine)|no engine|is no engine|Legal/i);
    const runs = newFolder();
    const ended = await command(...argv, '--config', path.join(folder, 'other.js'), '--runs', runs);
    expect(ended).toMatchObject({ status: 0 });
    const { command: again } = JSON.parse(fs.readFileSync(path.join(onlyRun(runs), 'config.json'), 'utf8'));
    expect(again).toContain('--config ./other.js');
  });

  test('reaches workers: its methods, engines and optimisers give the same bytes by two of them', async () => {
    const folder = project();
    const [one, two] = [newFolder(), newFolder()];
    expect(await start([...argv, '--runs', one], folder).ended).toMatchObject({ status: 0, err: '' });
    const loud = argv.filter((word) => word !== '--quiet');
    const ended = await start([...loud, '--runs', two, '--workers', '2'], folder).ended;
    expect(ended).toMatchObject({ status: 0 });
    expect(ended.err).not.toContain('have no use');
    const seen = (runs: string) => {
      const { 'metrics.ndjson': metrics, 'summary.json': summary } = bytes(onlyRun(runs));
      return { metrics, summary };
    };
    expect(seen(two)).toEqual(seen(one));
  });

  test('goes with a run that was killed, to the same bytes; changed, it is refused, and the copy is gone on with', async () => {
    const folder = project();
    const whole = newFolder();
    expect(await start([...argv, '--runs', whole], folder).ended).toMatchObject({ status: 0 });
    const config = ['--config', path.join(folder, 'metaplast.config.js')];
    const { running, directory } = await startedUntil(
      newFolder(),
      [...argv, ...config],
      'checkpoints/000002.ckpt',
    );
    await kill(running);
    fs.appendFileSync(path.join(folder, 'metaplast.config.js'), '\n// another');
    const refused = await command('resume', directory, '--quiet');
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.err).toMatch(/metaplast\.config\.js" was changed.*--scenario stored/s);
    const resumed = await start(['resume', directory, '--quiet', '--scenario', 'stored']).ended;
    expect(resumed).toMatchObject({ status: 0, err: '' });
    const metrics = (of: string) => bytes(of)['metrics.ndjson'];
    expect(metrics(directory)).toEqual(metrics(onlyRun(whole)));
  });

  test.each([
    ['holds no configuration', 'module.exports = 3;', /exports no configuration/],
    ['throws', "throw new Error('mine');", /cannot be loaded: mine/],
    ['has what a configuration has not', 'module.exports = m.defineConfig({ method: [] });', /"method"/],
    [
      'has a method of a name that is taken',
      'module.exports = m.defineConfig({ methods: [{ ...m.mamlLike }] });',
      /methods/,
    ],
  ])('is refused where it %s', async (_, text, message) => {
    const file = path.join(newFolder(), 'metaplast.config.js');
    const library = JSON.stringify(path.join(repository, 'src/index.ts'));
    fs.writeFileSync(file, `const m = require(${library});\n${text}`);
    const { status, err } = await command('list', 'sinusoid', '--config', file);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});
