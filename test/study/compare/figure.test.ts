import fs from 'node:fs';
import path from 'node:path';
import { command } from '../../cli/command';
import { emptyFolder, makeRun } from './made-runs';

const folder = emptyFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));

const sweep = path.join(folder, 'sweep');
for (const beta of [0.01, 0.1, 1]) {
  for (const seed of [1, 2, 3]) {
    makeRun(path.join(sweep, `${beta}-${seed}`), {
      seed,
      config: { beta, synapse: { lambda: 0.1 } },
      summary: { test: { after: beta + seed / 10 } },
      records: [0, 1, 2].map((metaStep) => ({ metaStep, test: beta + seed / (metaStep + 1) })),
    });
  }
}

const picture = path.join(folder, 'pictures/figure.svg');
const drawn = () => fs.readFileSync(picture, 'utf8');

describe('compare --figure', () => {
  it('draws means with bands over the setting that differs, logarithmic where it spans decades', async () => {
    const { status, err } = await command('compare', sweep, '--metric', 'test.after', '--figure', picture);
    expect([status, err]).toEqual([0, `wrote ${picture}\n`]);
    expect(drawn()).toContain('boston: test.after by beta');
    expect(drawn()).toContain('Mean over 3 seeds, with its 95 % confidence band');
    // In the middle of a logarithmic axis stands the middle of the three.
    const [first, middle, last] = [...drawn().matchAll(/<circle[^>]* cx="([\d.]+)"/g)].map(([, x]) =>
      Number(x),
    );
    expect(middle! - first!).toBeCloseTo(last! - middle!, 6);
  });

  it('draws courses over meta-steps where no number differs', async () => {
    await command('compare', sweep, '--where', 'beta=0.1', '--figure', picture);
    expect(drawn()).toContain('boston: test by meta-step');
    expect(drawn()).toContain('--where beta=0.1 --figure');
  });

  it('draws courses of what runs recorded by other names than their summaries have', async () => {
    const { status } = await command(
      'compare',
      sweep,
      '--x',
      'metaStep',
      '--metric',
      'test',
      '--figure',
      picture,
    );
    expect(status).toBe(0);
    expect(drawn()).toMatch(/beta 0\.01.*beta 0\.1.*beta 1/s);
  });

  it('writes a PNG by the name of the file', async () => {
    const png = path.join(folder, 'figure.PNG');
    await command('compare', sweep, '--figure', png);
    expect(fs.readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
  });

  it.each([
    [['--figure', 'figure.pdf'], /Got "figure\.pdf".*\.svg or \.png/],
    [['--figure', 'figure.svg', '--x', 'synapse.lambda'], /Legal: beta, metaStep/],
    [['--x', 'beta'], /Add --figure/],
  ])('refuses %j with what is legal', async (flags, message) => {
    const { status, err } = await command('compare', sweep, ...flags);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});
