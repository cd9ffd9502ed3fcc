import type { RunRow } from '../../../src/inspector/protocol/runs';

/** A finished run of boston, but for what is said. */
export const runRow = (id: string, parts: Partial<RunRow> = {}): RunRow => ({
  id,
  state: 'finished',
  problem: null,
  scenario: 'boston',
  preset: 'smoke',
  seed: 1,
  study: null,
  command: null,
  changed: 0,
  settings: {},
  results: {},
  ...parts,
});
