import { firstSettings, type ProblemName, type Settings } from './settings';

/** Settings that show something, with what they show. */
export interface PlayedPreset {
  readonly name: string;
  /** What there is to see, in one sentence. */
  readonly shows: string;
  readonly settings: Settings;
}

/** The first settings with another strength of the pull. */
const withLambda = (initial: number): Pick<Settings, 'slow'> => ({
  slow: firstSettings.slow.map((variable) =>
    variable.name === 'lambda' ? { ...variable, initial } : variable,
  ),
});

/** Where a problem is played well, beside the first settings. */
const ofProblem: Readonly<Record<ProblemName, Partial<Settings>>> = {
  boston: {},
  'one-synapse': { ...withLambda(0.5), freeSteps: 400, nudgedSteps: 400, freeRate: 0.02, nudgedRate: 0.02 },
  sinusoid: {
    ...withLambda(0.3),
    freeSteps: 5000,
    nudgedSteps: 5000,
    freeRate: 0.01,
    nudgedRate: 0.01,
    seed: 1,
  },
};

/** The settings that a problem begins with. */
export const settingsFor = (problem: ProblemName): Settings => ({
  ...firstSettings,
  problem,
  ...ofProblem[problem],
});

/** Each claim is tested by its numbers: test/playground/presets.test.ts. */
export const presets: readonly PlayedPreset[] = [
  {
    name: 'A good one',
    shows:
      'Phases that settle and a small nudge: each of 301 synapses of Boston has its exact gradient within a hundredth.',
    settings: { ...firstSettings, beta: 0.02 },
  },
  {
    name: 'β too small',
    shows:
      'With β of a millionth the two nudged phases differ by less than float32 can resolve: what is left is rounding.',
    settings: { ...firstSettings, beta: 1e-6 },
  },
  {
    name: 'β too large',
    shows:
      'A one-sided nudge of strength 1 leaves the neighbourhood in which the finite difference is a derivative: a quarter of the gradient is bias.',
    settings: { ...firstSettings, estimator: 'forward', beta: 1 },
  },
  {
    name: 'Too few steps',
    shows:
      'Nudged phases of 20 steps end on their way: the contrast has seen less than half of where they would have gone.',
    settings: { ...firstSettings, beta: 0.02, nudgedSteps: 20 },
  },
  {
    name: 'A saddle',
    shows:
      'Hardly held by their λ and given 300 steps, the weights end on a saddle, where there is no exact meta-gradient to estimate.',
    settings: { ...firstSettings, ...withLambda(0.001), freeSteps: 300, nudgedSteps: 300 },
  },
  {
    name: 'Negative β',
    shows:
      'A nudge of -2 turns the bowl of one synapse over: its nudged phase has no equilibrium and leaves every bound.',
    settings: { ...settingsFor('one-synapse'), estimator: 'forward', beta: -2 },
  },
  {
    name: 'A penalty of your own',
    shows:
      'A pull that gives way with distance: its rules are derived from its text, and its meta-gradient is as good.',
    settings: { ...firstSettings, penalty: 'lambda * log(1 + (phi - omega)^2)' },
  },
];
