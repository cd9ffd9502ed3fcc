import { coloursOf } from '../../src/plot/palette';

const labels = (count: number) => Array.from({ length: count }, (_, i) => `curve ${i}`);

describe('the colours of curves', () => {
  it.each([1, 7, 8, 12, 40])('are all different: of %d curves', (count) => {
    const colours = [...coloursOf(labels(count)).values()];
    expect(new Set(colours).size).toBe(count);
    for (const colour of colours) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('are one colour a label, wherever it comes again', () => {
    expect([...coloursOf(['a', 'b', 'a']).keys()]).toEqual(['a', 'b']);
  });

  it('run from dark to light where there are too many for names', () => {
    const brightness = [...coloursOf(labels(10)).values()].map((colour) => {
      const [red, green, blue] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    });
    expect(brightness).toEqual([...brightness].sort((a, b) => a - b));
  });
});
