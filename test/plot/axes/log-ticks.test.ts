import fc from 'fast-check';
import { logTicks, logTicksWithZero } from '../../../src/plot/axes/log-ticks';

const labels = (from: number, to: number) => logTicks(from, to).labelled.map(({ label }) => label);

describe('ticks of a log axis', () => {
  test('are powers of ten over several decades, with bare ones between', () => {
    expect(labels(0.001, 10)).toEqual(['0.001', '0.01', '0.1', '1', '10']);
    expect(logTicks(0.001, 10).bare).toHaveLength(4 * 8);
  });

  test('are written as powers all, where one of them would be long', () => {
    expect(labels(1e-5, 0.1)).toEqual(['10⁻⁵', '10⁻⁴', '10⁻³', '10⁻²', '10⁻¹']);
  });

  test('leave out decades where there are many', () => {
    expect(labels(1e-12, 1)).toEqual(['10⁻¹²', '10⁻¹⁰', '10⁻⁸', '10⁻⁶', '10⁻⁴', '10⁻²', '10⁰']);
  });

  test('are at 1, 2, 5 within a decade or two', () => {
    expect(labels(0.4, 9)).toEqual(['0.5', '1', '2', '5']);
  });

  test('are at equal distances within a part of a decade', () => {
    expect(labels(0.265, 0.334)).toEqual(['0.28', '0.3', '0.32']);
    expect(labels(2.1e-7, 2.9e-7)).toEqual(['2.2×10⁻⁷', '2.4×10⁻⁷', '2.6×10⁻⁷', '2.8×10⁻⁷']);
  });

  test('are 3 to 12 different ones inside every domain', () => {
    const exponent = fc.double({ min: -30, max: 30, noNaN: true });
    const decades = fc.double({ min: 0.01, max: 40, noNaN: true });
    fc.assert(
      fc.property(exponent, decades, (first, span) => {
        const [from, to] = [10 ** first, 10 ** (first + span)];
        const { labelled } = logTicks(from, to);
        expect(labelled.length).toBeGreaterThanOrEqual(3);
        expect(labelled.length).toBeLessThanOrEqual(12);
        expect(new Set(labelled.map(({ label }) => label)).size).toBe(labelled.length);
        for (const { value } of labelled)
          expect(value >= from * 0.999999 && value <= to * 1.000001).toBe(true);
      }),
    );
  });

  test('begin with 0 where the axis has one', () => {
    const { labelled } = logTicksWithZero(-0.1, 120);
    expect(labelled.map(({ label }) => label)).toEqual(['0', '1', '10', '100']);
    expect(logTicksWithZero(-0.1, 1.1).labelled.map(({ label }) => label)).toEqual(['0', '1']);
  });
});
