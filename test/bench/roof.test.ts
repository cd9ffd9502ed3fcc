import fc from 'fast-check';
import { underRoof } from './roof';

const roof = { peak: 50, bandwidth: 20 };

describe('the roofline', () => {
  it('limits a work of few operations a byte by memory', () => {
    // 2e6 operations on 1e6 bytes: 2 a byte, so 2 x 20 = 40 at most; in 0.1 ms it did 20.
    expect(underRoof({ operations: 2e6, bytes: 1e6 }, 0.1, roof)).toEqual({
      ...{ intensity: 2, attainable: 40, limit: 'memory', reached: 20, share: 0.5 },
    });
  });

  it('limits a work of many operations a byte by arithmetic', () => {
    const { attainable, limit } = underRoof({ operations: 1e8, bytes: 1e6 }, 1, roof);
    expect([attainable, limit]).toEqual([50, 'arithmetic']);
  });

  it('gives a share of 1 to a work that takes as long as the slower of its operations and its bytes', () => {
    const amount = fc.double({ min: 1e3, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(amount, amount, (operations, bytes) => {
        const milliseconds = Math.max(operations / roof.peak, bytes / roof.bandwidth) / 1e6;
        // A handful of float64 operations.
        expect(underRoof({ operations, bytes }, milliseconds, roof).share).toBeCloseTo(1, 12);
      }),
    );
  });
});
