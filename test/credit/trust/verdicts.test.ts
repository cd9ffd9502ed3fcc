import { forward } from '../../../src/learning/estimators';
import { creditNamed } from '../../../src/network/credit/credits';
import { withCredit } from '../../../src/network/network';
import { adjustableRule } from '../../../src/run/trust/adjustable-rule';
import { trustLines, trustSummary } from '../../../src/run/trust/report-lines';
import { gatherEvidence } from '../../../src/theory/trust/gather-evidence';
import { judge } from '../../../src/theory/trust/judge';
import { judgeTrust } from '../../../src/theory/trust/trust';
import { withOwnCredit } from '../../../src/theory/trust/trust-problem';
import { creditedProblem, creditIn } from './problem';

const longest = 240_000;

const judged = (...given: Parameters<typeof creditedProblem>) =>
  judge(adjustableRule(creditedProblem(...given)));
const verdictOf = async (...given: Parameters<typeof creditedProblem>) =>
  judgeTrust(await gatherEvidence(creditedProblem(...given)));

// Neurons as an earlier design had them: all at once, by one step for all, too few times.
const unsettled = 'equilibrium:nudge=0.002:sweeps=10:dt=0.2:order=synchronous';

describe('the verdict on credit by neurons', () => {
  it(
    'is unsettled neurons where sweeps are too few; whoever takes the advice has a good one',
    async () => {
      const { verdict, because, advice, error, trials } = await judged(unsettled);
      expect(verdict).toBe('unsettled neurons');
      expect(because).toMatch(/^neurons end \d+ % from rest .* a neural error of about \d+ %/);
      expect(error!.neural).toBeGreaterThan(0.32);
      expect(error!.surrogate).toBeLessThan(0.1);
      const words = trials!.best!.words;
      expect(advice!.startsWith(`${words} (tried on the same task: good`)).toBe(true);
      // In the order that settles best, or more of them.
      expect(creditIn(words)).toMatch(
        /^equilibrium:nudge=0\.002(:sweeps=\d+)?(:dt=0\.2:order=synchronous)?$/,
      );
      expect((await verdictOf(creditIn(words))).verdict).toBe('good');
    },
    longest,
  );

  it(
    'is surrogate where the nudge is too strong; whoever takes the advice has a good one',
    async () => {
      const { verdict, because, trials } = await judged('equilibrium:nudge=0.5:sweeps=60');
      expect(verdict).toBe('surrogate');
      expect(because).toMatch(
        /^a nudge 1024 times smaller than 0\.5 of equilibrium moves .* surrogate error/,
      );
      const credit = creditIn(trials!.best!.words);
      expect(creditNamed(credit).numbers.nudge).toBeLessThan(0.5);
      expect((await verdictOf(credit)).verdict).toBe('good');
    },
    longest,
  );

  it(
    'is noisy where synapses have not settled, and advice is about their steps, rates or beta',
    async () => {
      const { verdict, because, trials } = await judged('dual', { steps: 20 });
      expect(verdict).toBe('noisy');
      expect(because).toMatch(/^phases ended with gradients/);
      expect(trials!.best!.words).toMatch(/free\.(steps|rate|momentum)/);
      expect(trials!.best!.words).not.toMatch(/credit/);
    },
    longest,
  );

  it(
    'is biased where beta is too large, and advice lowers it',
    async () => {
      const { verdict, trials } = await judged('dual', { estimator: forward(1) });
      expect(verdict).toBe('biased');
      expect(trials!.best!.words).toMatch(/^beta: 0\.\d/);
    },
    longest,
  );

  it.each([
    ['equilibrium:nudge=0.5:sweeps=12', 'surrogate', /surrogate error .*neural error/],
    ['equilibrium:nudge=0.02:sweeps=1', 'unsettled neurons', /neural error .*surrogate error/],
  ])(
    'of %s names the larger of two causes first',
    async (words, verdict, because) => {
      const trust = await verdictOf(words);
      expect(trust).toMatchObject({ verdict, because: expect.stringMatching(because) });
      const { surrogate, neural } = trust.error!;
      expect(surrogate > neural).toBe(verdict === 'surrogate');
    },
    longest,
  );

  it('is the same whether an engine gives the credit or the network has it', async () => {
    const problem = creditedProblem('dual', { widths: [1, 3, 1] });
    const { engine, network } = withOwnCredit(problem);
    expect(network.credit.kind).toBe('dual');
    const evidence = await gatherEvidence(problem);
    expect(await gatherEvidence({ ...problem, engine, network })).toEqual(evidence);
    const of = withCredit(problem.network, creditNamed('equilibrium'));
    expect((await gatherEvidence({ ...problem, network: of })).neurons!.kind).toBe('dual');
  });

  it('is good by dual as it stands, with both parts in the report and in the summary', async () => {
    const chained = await judged('dual', { widths: [1, 4, 1] });
    expect(chained.verdict).toBe('good');
    expect(trustLines(chained).join('\n')).toMatch(
      /a nudge 1024 times smaller than 0\.1 of dual .* neurons end/,
    );
    const { error, evidence } = trustSummary(chained);
    expect(Object.keys(error!)).toEqual(['bias', 'settling', 'rounding', 'surrogate', 'neural']);
    expect(evidence.neurons).toMatchObject({ kind: 'dual', nudge: 0.1, order: 2, sweeps: 2 });
  });

  it('has no such parts by a backward pass', async () => {
    const trust = await judged('backprop', { widths: [1, 4, 1] });
    expect(trust.verdict).toBe('good');
    expect(trust.error).toMatchObject({ surrogate: 0, neural: 0 });
    expect(Object.keys(trustSummary(trust).error!)).toEqual(['bias', 'settling', 'rounding']);
    expect(trust.evidence.neurons).toBeUndefined();
  });
});

describe('updates that no loss is known for', () => {
  it.each(['feedback-alignment', 'direct-feedback'])(
    'by %s are called no gradient, with what was measured, and a source that has one is tried',
    async (words) => {
      const { verdict, error, because, evidence, trials, descent } = await judged(words);
      expect({ verdict, error }).toEqual({ verdict: 'no gradient', error: null });
      expect(because).toMatch(
        /differ from the gradient of the loss by \d+ %.* % of their Jacobian is antisym/,
      );
      const { asymmetry, difference, cosine } = evidence.field!;
      expect(asymmetry).toBeGreaterThan(0.05);
      expect(difference).toBeGreaterThan(0.1);
      expect(Math.abs(cosine)).toBeLessThan(0.99);
      expect(descent!.expected).toBe(0.01);
      expect(trials!.best).toMatchObject({ verdict: 'good', words: expect.stringMatching(/^credit: dual/) });
    },
    longest,
  );

  it('are the gradient in a network of one layer, as is measured, and are judged as one', async () => {
    const { verdict, evidence } = await verdictOf('feedback-alignment', { widths: [2, 2] });
    expect(verdict).toBe('good');
    expect(evidence.field!.difference).toBeLessThan(1e-6);
    expect(evidence.field!.asymmetry).toBeLessThan(1e-6);
  });
});
