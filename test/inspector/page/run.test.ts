import fc from 'fast-check';
import { neuronBlocks, neuronChart, tasksOf } from '../../../src/inspector/page/run/neurons';
import { phaseChart, standingOf, tolerancesOf } from '../../../src/inspector/page/run/phases';
import { type ShownSpan, shownSpans } from '../../../src/inspector/page/run/shown-spans';
import { errorParts, trustLines } from '../../../src/inspector/page/run/trust-lines';
import type { TraceInfo, TrustInfo } from '../../../src/inspector/protocol/runs';
import type { Courses } from '../../../src/inspector/protocol/traces';

const span = (
  firstRow: number,
  endRow: number,
  task: number,
  phase: number,
  residual: number | null,
): ShownSpan => ({
  firstRow,
  endRow,
  firstTask: task,
  lastTask: task,
  phase,
  beta: phase === 1 ? 0.1 : 0,
  steps: 10,
  residual,
  isWhole: true,
});

describe('errors by beta', () => {
  const info = (
    beta: number,
    order: number,
    bias: number,
    settling: number,
    rounding: number,
  ): TrustInfo => ({
    label: null,
    verdict: 'good',
    because: '',
    advice: null,
    beta,
    order,
    error: { bias, settling, rounding },
    neurons: null,
    tolerated: 0.32,
    exact: [],
  });

  it('go through what was measured, and are smallest where no other beta has less', () => {
    const part = fc.double({ min: 1e-6, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        part,
        fc.constantFrom(1, 2, 3),
        part,
        part,
        part,
        (beta, order, bias, settling, rounding) => {
          const { best, data } = trustLines(info(beta, order, bias, settling, rounding))!;
          const at = (x: number) => bias * (x / beta) ** order + ((settling + rounding) * beta) / x;
          expect(best!.error).toBeCloseTo(at(best!.beta), 9);
          for (const factor of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) {
            expect(at(best!.beta * factor)).toBeGreaterThanOrEqual(best!.error * (1 - 1e-9));
          }
          const measured = data.series.find(({ id }) => id === 'measured')!;
          expect(measured.y![0]! / at(beta)).toBeCloseTo(1, 9);
          const sum = data.series.find(({ id }) => id === 'sum')!;
          for (let i = 0; i < sum.x.length; i++) expect(sum.y![i]! / at(sum.x[i]!)).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('say which part was measured where another is not known', () => {
    const words = (bias: number | null, settling: number | null, rounding: number | null) =>
      trustLines({ ...info(0.1, 1, 0, 0, 0), error: { bias, settling, rounding } })!.data.series.find(
        ({ id }) => id === 'measured',
      )!.label;
    expect(words(0, 0.1, 0.2)).toBe('measured at β = 0.1');
    expect(words(null, 0.1, 0.2)).toBe('noise measured at β = 0.1; bias not known');
    expect(words(0.1, null, null)).toBe('bias measured at β = 0.1; settling and rounding not known');
    expect(words(0.1, null, 0.2)).toBe('what is known of the error measured at β = 0.1; settling not known');
  });

  it('have two more parts where neurons settle', () => {
    const names = (neurons: TrustInfo['neurons']) =>
      errorParts({ ...info(0.1, 1, 0.1, 0.2, 0.3), neurons }).map(([name]) => name);
    expect(names(null)).toEqual(['bias', 'settling', 'rounding']);
    const dual = { kind: 'dual', nudge: 0.1, sweeps: 2, surrogate: 0.01, neural: null };
    expect(names(dual)).toEqual(['bias', 'settling', 'rounding', 'surrogate', 'neural']);
    expect(errorParts({ ...info(0.1, 1, 0, 0, 0), neurons: dual }).slice(3)).toEqual([
      ['surrogate', 0.01],
      ['neural', null],
    ]);
  });

  it('have no best beta where one of the two is nothing, and no lines without errors, beta or order', () => {
    expect(trustLines(info(0.1, 1, 0.2, 0, 0))!.best).toBeNull();
    expect(trustLines(info(0.1, 1, 0, 0, 0))).toBeNull();
    expect(trustLines({ ...info(0.1, 1, 0.2, 0, 0), error: null })).toBeNull();
    expect(trustLines({ ...info(0.1, 1, 0.2, 0, 0), beta: null })).toBeNull();
    expect(trustLines({ ...info(0.1, 1, 0.2, 0, 0), order: null })).toBeNull();
  });
});

describe('phases', () => {
  const tolerances = { free: 1e-6, nudged: 1e-5 };

  it('converged if they ended at their tolerance or below', () => {
    expect(standingOf(span(0, 1, 0, 0, 1e-6), tolerances)).toBe('converged');
    expect(standingOf(span(0, 1, 0, 0, 2e-6), tolerances)).toBe('unconverged');
    expect(standingOf(span(0, 1, 0, 1, 2e-6), tolerances)).toBe('converged');
    expect(standingOf(span(0, 1, 0, 0, null), tolerances)).toBe('unknown');
    expect(standingOf(span(0, 1, 0, -1, 1), tolerances)).toBe('unknown');
    expect(standingOf(span(0, 1, 0, 0, 1), { free: null, nudged: null })).toBe('unknown');
  });

  it('have the tolerance of their method; one of 0 is none', () => {
    expect(tolerancesOf({ 'free.tolerance': 1e-6, 'nudged.tolerance': 0 }, 'synapses')).toEqual({
      free: 1e-6,
      nudged: null,
    });
    const two = { 'contrastive.free.tolerance': 1e-3, 'modulation.free.tolerance': 1e-4 };
    expect(tolerancesOf(two, 'modulation-inside-tasks').free).toBe(1e-4);
    expect(tolerancesOf(two, 'other').free).toBeNull();
  });

  it('are drawn by their kinds at their last rows, those not converged once more, in their tints', () => {
    const spans = [span(0, 5, 0, 0, 1e-7), span(5, 8, 0, 1, 1e-3), span(8, 9, 0, -1, null)];
    const { series, spans: tints, marks } = phaseChart(spans, tolerances, 'residual');
    expect(series.map(({ label, x }) => [label, Array.from(x)])).toEqual([
      ['free', [4]],
      ['nudged, β = 0.1', [7]],
      ['not converged: 1 phase', [7]],
    ]);
    expect(tints!.map(({ from, to }) => [from, to])).toEqual([
      [-0.5, 4.5],
      [4.5, 7.5],
      [7.5, 8.5],
    ]);
    expect(marks!.map(({ at }) => at)).toEqual([1e-6, 1e-5]);
  });

  it('are not said not to have converged where the rows shown end within them', () => {
    const all = [span(0, 5, 0, 0, 1e-7), span(5, 9, 0, 1, 1e-3)];
    const standings = (spans: ShownSpan[]) => spans.map((each) => standingOf(each, tolerances));
    // The window ends with row 6, with row 4, and with the trace, whose run goes on or is over.
    const cut = shownSpans({ spans: [all[0]!, { ...all[1]!, endRow: 8 }] }, 7, true);
    expect(standings(cut)).toEqual(['converged', 'unknown']);
    expect(cut[1]!.endRow).toBe(7);
    const { series } = phaseChart(cut, tolerances, 'residual');
    expect(series.map(({ id, y }) => [id, y])).toEqual([
      ['free', [1e-7]],
      ['nudged, β = 0.1', [null]],
    ]);
    expect(standings(shownSpans({ spans: [all[0]!, { ...all[1]!, endRow: 6 }] }, 5, false))).toEqual([
      'converged',
    ]);
    expect(standings(shownSpans({ spans: all }, Number.POSITIVE_INFINITY, false))[1]).toBe('unknown');
    expect(standings(shownSpans({ spans: all }, 9, true))[1]).toBe('unconverged');
  });
});

describe('neurons', () => {
  const trace = {
    blocks: [
      { layer: 0, parameter: 'weight', cells: [[0, 4, 1, 0]] },
      { layer: 1, parameter: 'gain', cells: [[0, 2, 3, 4]] },
    ],
  } as unknown as TraceInfo;
  const courses: Courses = {
    rows: 5,
    at: [0, 1, 2, 3, 4],
    every: 1,
    courses: [4, 5].map((column) => {
      const values = [0, 1, 2, 3, 4].map((row) => 10 * column + row);
      return { variable: 'phi', column, low: values, high: values, notFinite: [] };
    }),
  };
  const [block] = neuronBlocks(trace);

  it('have their gains where the trace has them', () => {
    expect(neuronBlocks(trace)).toEqual([
      {
        layer: 1,
        parameter: 'gain',
        units: [
          { unit: 0, column: 4 },
          { unit: 3, column: 5 },
        ],
      },
    ]);
  });

  it('are shown by task, with the value of its last row', () => {
    const spans = [span(0, 2, 0, 0, null), span(2, 3, 0, 1, null), span(3, 5, 1, 0, null)];
    const { x, series } = neuronChart(block!, courses, spans, 'phi');
    expect(x.label).toBe('task');
    expect(series.map(({ label, x: at, y }) => [label, at, y])).toEqual([
      ['unit 0', [0, 1], [42, 44]],
      ['unit 3', [0, 1], [52, 54]],
    ]);
  });

  it('are shown by row where spans stand for several tasks', () => {
    const wide = [{ ...span(0, 5, 0, 0, null), lastTask: 3 }];
    expect(tasksOf(courses, wide)).toBeNull();
    expect(neuronChart(block!, courses, wide, 'phi').x.label).toBe('row of the trace');
  });
});
