import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'npyjs';
import { command, onlyRun, repository, start } from '../cli/command';
import { bytes } from './bytes';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-neurons-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Two tasks' worth of neurons that settle, whose process is killed in the step that the file `kill` is there for. */
const scenario = path.join(home, 'settle.js');
const kill = path.join(home, 'kill');
beforeAll(() =>
  fs.writeFileSync(
    scenario,
    `const { existsSync, rmSync } = require('node:fs');
    const { z } = require('${repository}/node_modules/zod');
    const m = require('${repository}/dist/src/index.js');
    const batch = (samples, seed) => ({
      samples, inputs: 2, targets: 1,
      x: Float64Array.from({ length: 2 * samples }, (_, i) => Math.sin(seed + 3 * i)),
      y: Float64Array.from({ length: samples }, (_, i) => Math.cos(seed + 5 * i)),
    });
    const phase = { optimizer: m.sgd({ rate: 0.1 }), steps: 3, tolerance: 0 };
    const rule = m.contrastive({ estimator: m.forward(0.1), free: phase, nudged: phase });
    const neural = { sweeps: 6, stride: 2 };
    exports.default = {
      name: 'settle', question: 'How do neurons settle?', config: z.strictObject({}), engine: 'reference',
      presets: { smoke: {}, cpu: {}, paper: {} },
      schedule: () => ({ plan: m.taskPlan(rule, 1, neural), tasks: 4 }),
      async run({ repeat, record, engine, rules, seed, metric, warn }) {
        const network = m.withCredit(
          m.mlp([2, 3, 1], { activation: 'tanh', synapse: m.complexSynapse }),
          m.equilibriumPropagation({ sweeps: 6 }),
        );
        const simulation = m.simulate({
          network, task: { name: 'waves', train: batch(3, 1), heldOut: batch(2, 2) }, rule,
          meta: { optimizer: m.sgd({ rate: 0.1 }) }, initial: { lambda: 0.1 },
          stride: 1, sweepStride: 2, engine, rules, seed, warn,
        });
        record(simulation, 'settling', { neurons: { layer: 0 }, samples: [0, 2], at: 'sweep' });
        record(simulation, 'steps', { variables: ['phi'], synapses: 'all', at: 'step' });
        await repeat({
          label: 'tasks', total: 4,
          async step(i) {
            const { phases } = await simulation.metaStep();
            if (i === 2 && existsSync('${kill}')) { rmSync('${kill}'); process.kill(process.pid, 'SIGKILL'); }
            metric({ i, neurons: phases.map(({ neuralResidual }) => neuralResidual) });
          },
          save: () => simulation.save(),
          restore: (state) => { simulation.restore(state); },
        });
        await simulation.close();
        return { summary: {}, report: 'settled' };
      },
    };`,
  ),
);

const runIn = (runs: string) =>
  start(['run', scenario, '--name', 'same', '--runs', path.join(home, runs), '--checkpoint-every', '1'])
    .ended;

describe('a run that records neurons', () => {
  it('says how large the trace may be, and goes on, once killed, to the same bytes', async () => {
    const whole = await runIn('whole');
    expect(whole.err).toContain(
      'trace settling: s of 3 neurons in 2 samples every 2 sweeps, at most 14.1 kB',
    );
    expect(whole.status).toBe(0);

    fs.writeFileSync(kill, '');
    const killed = await runIn('killed');
    expect(killed.status).not.toBe(0);
    expect(fs.existsSync(kill)).toBe(false);
    const directory = onlyRun(path.join(home, 'killed'));
    expect((await start(['resume', directory, '--quiet']).ended).status).toBe(0);
    const [one, other] = [bytes(onlyRun(path.join(home, 'whole'))), bytes(directory)];
    expect(Object.keys(one)).toContain('traces/settling.npy');
    for (const file of Object.keys(one).filter((name) => /^(traces|metrics)/.test(name)))
      expect([file, other[file] === one[file]]).toEqual([file, true]);
    const file = fs.readFileSync(path.join(directory, 'traces', 'settling.npy'));
    const { shape } = parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
    // 4 tasks; 3 free steps of 4 sweeps (0, 2, 4, 6), and 3 nudged ones on two batches.
    expect(shape).toEqual([4 * (3 * 4 + 3 * 2 * 4), 2, 3]);
  });

  it('is listed, printed and charted by metaplast trace', async () => {
    const directory = onlyRun(path.join(home, 'whole'));
    const { out } = await command('trace', directory);
    expect(out).toContain('settling: s of 3 neurons in 2 samples, 144 rows, every 2 sweeps');
    const lines = (await command('trace', directory, 'settling', '--neuron', '0:1')).out.trim().split('\n');
    expect(lines[0]).toBe('task,phase,beta,step,sweep,on,s[0:1]@0,s[0:1]@2');
    expect(lines).toHaveLength(145);
    const json = JSON.parse((await command('trace', directory, 'settling', '--json')).out);
    expect(json.courses).toHaveLength(6);
    const charts = await command('trace', directory, '--neuron', '0:1');
    expect(charts.out).toContain(
      'settling: how neurons settled in task 3, free phase, step 2, on training data',
    );
    expect(charts.out).toContain('neuron 0:1, sample 2: s');
    const wrong = await command('trace', directory, '--neuron', '1:0');
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.err).toContain('Legal: settling holds 0:0-2.');
    // Traces of synapses are as ever, and what is of neurons is none of theirs.
    expect((await command('trace', directory, '--synapse', '0')).out).toMatch(/^synapse 0 /);
    expect((await command('watch', directory, '--once')).status).toBe(0);
  });
});

describe('metaplast schedule', () => {
  it('shows neurons that settle where that is asked for', async () => {
    const flags = ['--credit', 'equilibrium:sweeps=40', '--sweep-stride', '10'];
    const shown = await command('schedule', 'boston', ...flags);
    expect(shown.out).toContain('neurons settle by 40 sweeps on training data');
    expect(shown.out).toContain('sweep 0, 10, 20, ... is an event');
    const { neural } = JSON.parse((await command('schedule', 'boston', ...flags, '--json')).out);
    expect(neural).toEqual({ sweeps: 40, stride: 10 });
    expect((await command('schedule', 'boston')).out).not.toContain('sweep');
    const none = await command('schedule', 'boston', '--sweep-stride', '10');
    expect(none.err).toContain('none settle here');
    expect(none.status).toBe(2);
  });
});
