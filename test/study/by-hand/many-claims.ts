import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contest } from '../claims/claim-contest';

/* 10,000 claims by 8 processes: npx ts-node -T test/study/by-hand/many-claims.ts */
async function manyClaims(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-claims-'));
  const { won, double } = await contest(folder, { processes: 8, trials: 2500, attempts: 4 });
  const counts = won.map((mine) => mine.length);
  process.stdout.write(
    `${counts.reduce((a, b) => a + b, 0)} claims by 8 processes (${counts.join(', ')}): ${double} double\n`,
  );
  fs.rmSync(folder, { recursive: true });
}

void manyClaims();
