import fc from 'fast-check';
import { conditionFor, meets } from '../../../src/study/compare/name-setting';
import type { DescribedRun } from '../../../src/study/compare/read-run';
import {
  canonical,
  differingPaths,
  settingsBelow,
  settingText,
  typedSetting,
} from '../../../src/study/compare/settings';

const alike = (...configs: object[]) => configs.map((config) => new Map(settingsBelow(config)));

/** Values that are easily taken for each other. */
const lookAlikes = [
  undefined,
  null,
  false,
  0,
  '',
  [],
  {},
  '0',
  'false',
  'null',
  '(absent)',
  [0],
  [null],
  '[]',
  ' ',
  'absent',
];

describe('settings', () => {
  it('that are absent, null, false, 0, empty text, list or object all differ', () => {
    const texts = lookAlikes.map(canonical);
    expect(new Set(texts).size).toBe(lookAlikes.length);
    const shown = lookAlikes.map(settingText);
    expect(new Set(shown).size).toBe(lookAlikes.length);
  });

  it('are shown as they can be typed', () => {
    const setting = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom(...lookAlikes));
    fc.assert(
      fc.property(setting, (value) => {
        expect(canonical(typedSetting(settingText(value)))).toBe(canonical(value));
      }),
    );
  });

  it('differ by their deep paths, and lists as a whole', () => {
    const settings = alike(
      { synapse: { lambda: 0.1 }, layers: [20, 1], kept: { a: 1 } },
      { kept: { a: 1 }, layers: [1, 20], synapse: { lambda: 0.3 } },
    );
    expect(differingPaths(settings)).toEqual(['layers', 'synapse.lambda']);
  });

  it('do not differ where only the order of keys does', () => {
    expect(
      differingPaths(alike({ a: 1, b: { c: [{ x: 1, y: 2 }] } }, { b: { c: [{ y: 2, x: 1 }] }, a: 1 })),
    ).toEqual([]);
  });

  it('differ where one run has a setting and another has none, whatever its value', () => {
    for (const value of lookAlikes.slice(1)) expect(differingPaths(alike({ a: value }, {}))).toEqual(['a']);
  });

  it('have paths of their own where a key holds a dot or a bracket, or is empty', () => {
    const paths = settingsBelow({ 'a.b': 1, a: { b: 2, '': 3 }, 'a[b]': 4 }).map(([path]) => path);
    expect(new Set(paths).size).toBe(4);
  });

  it('are found again by the condition that names each as it is shown', () => {
    const runs = lookAlikes.map((value): DescribedRun => {
      const settings = new Map(value === undefined ? [] : [['a', value] as const]);
      return { directory: '', scenario: 's', seed: 1, settings, origin: new Map(), code: '' };
    });
    runs.forEach((run, i) => {
      const condition = conditionFor(`a=${settingText(lookAlikes[i])}`, runs);
      expect(runs.filter((each) => meets(each, condition))).toEqual([run]);
    });
  });
});
