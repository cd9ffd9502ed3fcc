import { watchedOf } from './watched';

/** What the published settings depend on. */
interface Sizes {
  readonly ways: number;
  readonly shots: number;
}

type Settings = Readonly<Record<string, unknown>>;

/** What is asked for beside a preset, as far as its settings depend on it; what is not legal there is refused later. */
function sizesOf(asked: Settings): Sizes {
  const count = (value: unknown, standard: number): number =>
    Number.isInteger(value) ? (value as number) : standard;
  return { ways: count(asked.ways, 5), shots: count(asked.shots, 1) };
}

/** Settings as published hold for 5 and for 20 ways; other tasks take those of the nearer. */
const isLarge = ({ ways }: Sizes): boolean => ways > 12;
const isMany = ({ shots }: Sizes): boolean => shots > 3;

const settling = (rate: number, momentum: number, steps: number) => ({ rate, momentum, steps, tolerance: 0 });

/** Of the methods that the paper compares with, as they were published (Finn et al. 2017; Nichol et al. 2018; Rajeswaran et al. 2019). */
function others(sizes: Sizes): Settings {
  const large = isLarge(sizes);
  const maml = large ? { rate: 0.1, steps: 5 } : { rate: 0.4, steps: 1 };
  return {
    maml,
    fomaml: maml,
    anil: maml,
    reptile: large
      ? { optimizer: 'adam', rate: 0.0005, steps: 10, batch: 20, gradient: 'whole' }
      : { optimizer: 'adam', rate: 0.001, steps: 5, batch: 10, gradient: 'whole' },
    imaml: { rate: 0.1, steps: large ? 25 : 16, cgSteps: 5 },
    t1t2: { rate: 0.1, steps: large ? 25 : 16 },
    implicit: { rate: 0.1, steps: large ? 25 : 16 },
    joint: { rate: 0.1 },
    scratch: { rate: 0.1 },
    lambdaOfImaml: 2,
    stepOfReptile: 1,
  };
}

const testStepsOfOthers = (sizes: Sizes) => ({
  maml: isLarge(sizes) ? 5 : 3,
  fomaml: isLarge(sizes) ? 5 : 3,
  anil: isLarge(sizes) ? 5 : 3,
  reptile: 50,
});

/** Appendix and methods of the paper. */
function paper(asked: Settings): Settings {
  const sizes = sizesOf(asked);
  const rule = { estimator: 'symmetric', beta: 0.1, free: settling(0.01, 0.9, 200), optimizerState: 'keep' };
  return {
    filters: 64,
    query: 15,
    metaSteps: 3750,
    batch: isLarge(sizes) ? 16 : 32,
    meta: { rate: 0.001 },
    learn: 'omega',
    synapse: { lambda: 0.1 },
    contrastive: { ...rule, nudged: settling(0.01, 0.9, 100) },
    modulation: { ...rule, nudged: settling(0.01, 0.9, 50) },
    ...others(sizes),
    testSteps: { contrastive: 200, modulation: 200, ...testStepsOfOthers(sizes) },
    unseen: { tasks: 600, every: 125 },
    validation: { tasks: 300 },
    ...watchedOf(sizes.ways, 64),
    stride: 100,
  };
}

/** As the authors' runs were made: an epoch is 125 meta-steps. Their two faults, in negative nudges and in sums over tasks, are not copied. */
function released(asked: Settings): Settings {
  const sizes = sizesOf(asked);
  const [large, many] = [isLarge(sizes), isMany(sizes)];
  const epoch = 125;
  const beta = large && !many ? 0.03 : 0.1;
  const lambda = large ? (many ? 0.25 : 0.5) : many ? 0.1 : 0.5;
  const halved = large && !many ? { schedule: 'halving', halveEvery: 5 * epoch } : {};
  const rule = { estimator: 'symmetric', beta, free: settling(0.01, 0.9, 200), optimizerState: 'reset' };
  const text = paper(asked);
  return {
    ...text,
    meta: { rate: 0.01, averageAfter: 4 * epoch, ...halved },
    synapse: { lambda },
    contrastive: { ...rule, nudged: settling(0.01, 0.9, large && many ? 200 : 100) },
    modulation: { ...rule, nudged: settling(0.01, 0.9, 50) },
  };
}

/** Within minutes on two cores: 32 filters instead of 64 (modulation: 48), fewer steps at a larger rate, fewer tasks a meta-step and fewer held-out drawings. */
function cpu(asked: Settings): Settings {
  const sizes = sizesOf(asked);
  const large = isLarge(sizes);
  const filters = Number.isInteger(asked.filters) ? (asked.filters as number) : 32;
  const filtersOfModulation = Number.isInteger(asked.filters) ? null : 48;
  const rule = { estimator: 'symmetric', beta: 0.1, optimizerState: 'keep' };
  // Without its residual, a phase of one step costs half.
  const [free, nudged] = [10, 1].map((steps) => ({ ...settling(0.1, 0.5, steps), residualAtEnd: false }));
  return {
    ...paper(asked),
    ...{ filters, filtersOfModulation },
    query: large ? 3 : 5,
    metaSteps: large ? 3000 : 10000,
    batch: 4,
    meta: { rate: 0.003, schedule: 'linear' },
    contrastive: { ...rule, free, nudged },
    modulation: { ...rule, free, nudged },
    testSteps: { modulation: 30, ...testStepsOfOthers(sizes) },
    // Some twenty points of the curve: validation takes as long as a hundred tasks or two.
    unseen: { tasks: 600, every: large ? 150 : 500 },
    validation: { tasks: 100 },
    ...watchedOf(sizes.ways, filters, filtersOfModulation ?? filters),
    stride: 10,
  };
}

/** Seconds: four filters, a few tasks. */
function smoke(asked: Settings): Settings {
  const sizes = sizesOf(asked);
  const filters = Number.isInteger(asked.filters) ? (asked.filters as number) : 4;
  return {
    ...cpu(asked),
    ...{ filters, filtersOfModulation: null },
    query: 2,
    metaSteps: 6,
    batch: 2,
    testSteps: { contrastive: 4, modulation: 4, maml: 3, fomaml: 3, anil: 3, reptile: 4 },
    unseen: { tasks: 12, every: 3 },
    validation: { tasks: 6 },
    validationCharacters: 16,
    trust: false,
    ...watchedOf(sizes.ways, filters),
  };
}

/** Functions, since published settings differ by ways and shots. */
export const presets = { smoke, cpu, paper, released };
