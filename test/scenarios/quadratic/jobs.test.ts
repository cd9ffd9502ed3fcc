import { quadraticJobs } from '../../../scenarios/quadratic/jobs';

const settings = {
  lambda: 0.3,
  smallLambda: 0.001,
  rate: 1,
  points: [2, 3],
  steps: [1, 10],
  total: 50,
  converged: { steps: 1000 },
  grid: { from: -1, to: 1, perDecade: 2 },
};

describe('the estimates of the quadratic scenario', () => {
  const jobs = quadraticJobs(settings);
  const of = (purpose: string) => jobs.filter((job) => job.purpose === purpose);

  it('are one for every p, number of steps and beta, with each of the two lambdas', () => {
    const kinds = of('steps').map(
      ({ lambda, points, steps }) => `${lambda} ${points} ${steps.free}+${steps.nudged}`,
    );
    expect(kinds).toHaveLength(2 * 2 * 2);
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const { betas } of of('steps')) expect(betas).toHaveLength(5);
  });

  it('converge with the larger lambda alone', () => {
    expect(of('converged').map(({ lambda, points }) => [lambda, points])).toEqual([
      [0.3, 2],
      [0.3, 3],
    ]);
  });

  it('share the total in at most twenty ways, each phase having a step at least', () => {
    const shared = of('shared').filter(({ lambda }) => lambda === 0.3);
    expect(shared).toHaveLength(20);
    expect([shared[0]!.steps, shared.at(-1)!.steps]).toEqual([
      { free: 1, nudged: 49 },
      { free: 49, nudged: 1 },
    ]);
    for (const { steps, points } of shared) expect([steps.free + steps.nudged, points]).toEqual([50, 2]);
  });

  it('share a small total in every way', () => {
    const shared = quadraticJobs({ ...settings, total: 4 }).filter(({ purpose }) => purpose === 'shared');
    expect(shared.map(({ steps }) => steps.free)).toEqual([1, 2, 3, 1, 2, 3]);
  });
});
