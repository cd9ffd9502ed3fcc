import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasEnded, identityOf } from '../../../src/run/directory/process-identity';
import { Claims } from '../../../src/study/claims/claims';
import { startProcess } from '../../cli/command';
import { contest } from './claim-contest';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-claims-'));
afterAll(() => fs.rmSync(home, { recursive: true }));
const newFolder = () => fs.mkdtempSync(path.join(home, 'claims-'));

describe('claims', () => {
  test('are won by one process each, whoever contends for them', async () => {
    const { won, double } = await contest(newFolder(), { processes: 3, trials: 100, attempts: 2 });
    expect(double).toBe(0);
    expect(won.flat()).toHaveLength(200);
    expect(won.filter((mine) => mine.length > 0).length).toBeGreaterThan(1); // or nobody has contended
  });

  test('are held until the next attempt is taken, which one taker gets', () => {
    const folder = newFolder();
    const [first, second, third] = ['a', 'b', 'c'].map((worker) => new Claims(folder, worker));
    const claim = first!.take(7, 1)!;
    expect(second!.take(7, 1)).toBeNull();
    expect(first!.isHeld(claim)).toBe(true);
    const later = second!.take(7, 2)!;
    expect(third!.take(7, 2)).toBeNull();
    expect([first!.isHeld(claim), second!.isHeld(later)]).toEqual([false, true]);
    expect(second!.newest()).toEqual(new Map([[7, 2]]));
    expect(fs.readdirSync(folder).sort()).toEqual(['0007.1', '0007.2']);
  });

  test('change with every sign of life, and say what was left of them', () => {
    const claims = new Claims(newFolder(), 'a');
    const claim = claims.take(12345, 1)!;
    const texts = [claims.read(12345, 1).text];
    for (let i = 0; i < 12; i++) {
      claims.beat(claim);
      texts.push(claims.read(12345, 1).text);
    }
    expect(new Set(texts).size).toBe(13);
    expect(new Set(texts.map((text) => text.length)).size).toBe(1);
    claims.runsIn(claim, process.pid);
    claims.release(claim, 'crashed');
    expect(claims.read(12345, 1).record).toMatchObject({
      worker: 'a',
      state: 'crashed',
      beat: 12,
      child: identityOf(),
    });
  });

  test('of a worker that was killed while it took one hold no record, and can be taken over', () => {
    const folder = newFolder();
    fs.writeFileSync(path.join(folder, '0001.1'), '');
    const claims = new Claims(folder, 'a');
    expect(claims.read(1, 1)).toEqual({ text: '', record: null });
    expect(claims.take(1, 2)).toEqual({ trial: 1, attempt: 2 });
  });
});

describe('a process', () => {
  test('has ended where it is not there, or is another one by the same number; of another machine nobody knows', async () => {
    const { child, ended } = startProcess(['-e', 'setTimeout(() => {}, 60000)']);
    const identity = identityOf(child.pid);
    expect(hasEnded(identity)).toBe(false);
    child.kill('SIGKILL');
    await ended;
    expect(hasEnded(identity)).toBe(true);
    expect(hasEnded({ ...identityOf(), started: 'another/1' })).toBe(true);
    expect(hasEnded({ ...identity, machine: 'another' })).toBe(false);
    expect(hasEnded({ ...identity, machine: null })).toBe(false);
  });
});
