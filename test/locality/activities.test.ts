import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLocality } from '../../src/kernel/audit-locality';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { perturbLocality } from '../../src/synapse/perturb-locality';
import { command } from '../cli/command';

const seen = { pre: ['pre', 'drive'], post: ['post'] };
const why = (index: string, name: string, activities?: typeof seen) =>
  auditLocality(
    `function f(gradient, ${name}, at) { return gradient[this.thread.x] + at[this.thread.x] + ${name}[${index}]; }`,
    activities,
  ).violations[0]!.why;

describe('a rule that reads the activity of neurons', () => {
  it.each([
    ['this.thread.x + 1', 'pre', 'reads what another synapse sees of its presynaptic neuron'],
    ['this.thread.x - 1', 'post', 'reads what another synapse sees of its postsynaptic neuron'],
    ['0', 'drive', 'reads what one fixed synapse sees of its presynaptic neuron'],
    [
      'at[this.thread.x]',
      'post',
      'reads what the synapse sees of its postsynaptic neuron that other data point to',
    ],
    ['-this.thread.x', 'pre', 'may read what another synapse sees of its presynaptic neuron'],
  ])('is told, of [%s] of %s, that it %s', (index, name, words) => {
    expect(why(index, name, seen)).toContain(words);
  });

  it('is judged by what it reads, never by what that is called', () => {
    // Without a credit that declares it, `pre` is a name like others; and what a credit declares may be called anything.
    expect(why('0', 'pre')).toBe(why('0', 'fear'));
    expect(why('0', 'fear', { pre: ['fear'], post: [] })).toContain('sees of its presynaptic neuron');
    const local = 'function f(pre) { return pre[this.thread.x]; }';
    expect(auditLocality(local, seen)).toEqual(auditLocality(local));
  });

  it('is shown by perturbation whose neuron was read', () => {
    const { activities } = equilibriumPropagation();
    const cheat = function (this: { thread: { x: number } }, errorNudged: number[], phi: number[]) {
      return errorNudged[this.thread.x]! + errorNudged[0]! * phi[0]!;
    };
    const { local, breaches } = perturbLocality(cheat as never, { activities });
    expect(local).toBe(false);
    const neurons = new Map(breaches.map(({ quantity, neuron }) => [quantity, neuron]));
    expect(neurons.get('errorNudged')).toBe('postsynaptic');
    expect(neurons.get('phi')).toBeUndefined();
  });

  it('is refused with these words where the activities are none', () => {
    for (const wrong of [null, {}, { pre: 'pre', post: [] }, { pre: [1], post: [] }])
      expect(() => auditLocality('function f(a) { return a[this.thread.x]; }', wrong as never)).toThrow(
        /no names of what a synapse sees/,
      );
  });
});

describe('metaplast audit --credit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metaplast-activities-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('tells of each kernel what it reads of the two neurons', async () => {
    const { status, out } = await command('audit', 'models/bcm.ts', '--credit', 'activity');
    expect(status).toBe(0);
    expect(out).toBe(`models/bcm.ts: local
  BCM, writes threshold: local
    its own quantities: threshold
    its presynaptic neuron: none
    its postsynaptic neuron: post
    one number for all synapses: tracking
  BCM, writes gradient: local
    its own quantities: gradient, threshold
    its presynaptic neuron: pre
    its postsynaptic neuron: post
    one number for all synapses: weight
`);
  });

  it('refuses a rule that reads another neuron, and says so', async () => {
    const cheat = file(
      'cheat.js',
      "defineRule('cheat', { gradient: function f(gradient, postNudged, pre) {\n  return gradient[this.thread.x] - postNudged[this.thread.x - 1] * pre[this.thread.x];\n} });\n",
    );
    const { status, out } = await command('audit', cheat, '--credit', 'equilibrium');
    expect(status).toBe(1);
    expect(out).toContain(
      `${cheat}:2: \`postNudged[this.thread.x - 1]\` reads what another synapse sees of its postsynaptic neuron`,
    );
    const { out: json } = await command('audit', cheat, '--credit', 'equilibrium', '--json');
    expect(JSON.parse(json)).toMatchObject({
      verdict: 'not local',
      activities: { pre: ['pre', 'preNudged'] },
    });
  });

  it.each(['backprop', 'telepathy'])('refuses %s, by which no synapse sees neurons', async (word) => {
    const { status, err } = await command('audit', 'models/bcm.ts', '--credit', word);
    expect(status).not.toBe(0);
    expect(err).toContain(word);
  });
});
