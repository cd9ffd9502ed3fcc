import type { Figure } from '../../src/plot/figure';
import { type Forgetting, type Law, spacedAges } from './forgetting';

export interface CascadeFacts {
  readonly courses: readonly Forgetting[];
  /** The law of each; null where too few ages are left to tell. */
  readonly laws: readonly (Law | null)[];
  readonly memories: number;
  readonly synapses: number;
}

const named = (length: number): string => `${length} ${length === 1 ? 'variable' : 'variables'}`;

/** Memories behind the first one until its signal is below the noise of all of them; null where that is not yet so. */
function lifetime({ signal, spread }: Forgetting, synapses: number): number | null {
  const end = signal.findIndex((value, age) => value * Math.sqrt(synapses) < spread[age]!);
  return end < 0 ? null : end;
}

export function cascadeSummary({ courses, laws, memories, synapses }: CascadeFacts) {
  return {
    scenario: 'cascade',
    memories,
    synapses,
    chains: courses.map((course, i) => ({
      variables: course.length,
      law: laws[i],
      signal: Object.fromEntries(spacedAges(1, memories - 1).map((age) => [age, course.signal[age]])),
      lifetime: lifetime(course, synapses),
    })),
  };
}

export function cascadeReport(facts: CascadeFacts): string {
  const { courses, laws, memories, synapses } = facts;
  return [
    `${memories} memories were written into ${synapses} synapses, one after the other. What is left of the first one:`,
    '',
    ...courses.map((course, i) => {
      const law = laws[i];
      const lives = lifetime(course, synapses);
      const life =
        lives === null
          ? `still above the noise after ${memories - 1}`
          : `above the noise for ${lives} memories`;
      return `  ${named(course.length).padEnd(12)} ${inWords(law!)}; ${life}`;
    }),
    '',
    'The signal is the mean over synapses of u_1 times what the first memory asked for, of which the mean over both signs of that memory',
    'is taken out; the noise is the standard deviation of u_1 over the root of the number of synapses.',
  ].join('\n');
}

function inWords(law: Law | null): string {
  if (law === null) return 'is lost too soon to tell how';
  const ages = `ages ${law.from} to ${law.to}`;
  return law.kind === 'power of age'
    ? `falls as age to the power ${law.power.toFixed(2)} (${ages})`
    : `falls exponentially, by ${(100 * (1 - Math.exp(-law.rate))).toPrecision(3)} % a memory (${ages})`;
}

export function cascadeFigure({ courses, memories }: CascadeFacts): Figure {
  const ages = spacedAges(1, memories - 1);
  const series = courses.map(({ length, signal }) => ({
    label: named(length),
    points: ages.filter((age) => signal[age]! > 1e-6).map((age) => ({ x: age, y: signal[age]! })),
  }));
  const y = {
    label: 'signal of the first memory, relative to that at its writing',
    scale: 'log',
    domain: [1e-4, 1.5],
  } as const;
  const late = Math.min(60, memories - 1);
  return {
    name: 'signal-by-age',
    title: 'How chains of slow variables forget',
    caption:
      'A: a power of age is a straight line here; dashed, age to the power -1/2. B: an exponential is a straight line here. A chain forgets as a ' +
      'power of age until its last variable has filled, which takes longer the more variables there are.',
    panels: [
      {
        title: 'A: by the logarithm of age',
        x: { label: 'age, in memories written since', scale: 'log' },
        y,
        series: [
          ...series,
          {
            label: 'age^(-1/2)',
            dashed: true,
            points: ages.filter((age) => age >= 4).map((age) => ({ x: age, y: age ** -0.5 })),
          },
        ],
      },
      {
        title: 'B: by age',
        x: { label: 'age, in memories written since', scale: 'linear', domain: [0, late] },
        y,
        series: series.map(({ label, points }) => ({ label, points: points.filter(({ x }) => x <= late) })),
      },
    ],
  };
}
