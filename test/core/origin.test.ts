import { exactImplicit } from '../../src/baselines/exact-implicit';
import { imaml, t1t2 } from '../../src/baselines/imaml';
import { joint } from '../../src/baselines/joint';
import { firstOrderMaml, maml } from '../../src/baselines/maml';
import { neumann } from '../../src/baselines/neumann';
import { reptile } from '../../src/baselines/reptile';
import { scratch } from '../../src/baselines/scratch';
import { InputError } from '../../src/core/errors';
import { describe as describeValue, madeAlike, originOf } from '../../src/core/origin';
import { remake } from '../../src/core/remake';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { OpenedSessions } from '../../src/engine/opened-sessions';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { pForward, symmetric } from '../../src/learning/estimators';
import { adam, heavyBall, nesterov, sgd } from '../../src/learning/optimizers';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { modulation } from '../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import { complexSynapse, defineSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';

const own = defineSynapse({
  fast: 'w',
  meta: { rest: {}, k: { initial: 0.4, nonNegative: true } },
  anchor: 'rest',
  penalty: 'k * (w - rest)^2 / 3',
  flow: { rest: '0.1 * (k - rest)' },
});
const network = defineNetwork({
  input: [2, 8, 8],
  layers: [
    ...[conv2d(2, 3, { kernel: 3, padding: 1, bias: false }), batchNorm(3), tanh(), averagePool(2)],
    ...[conv2d(3, 3, { kernel: 2, role: 'meta' }), relu(), maxPool(3, { stride: 1 }), flatten()],
    ...[modulation(3), dense(3, 2, { initialiser: 'kaiming-uniform' })],
  ],
  loss: crossEntropy,
  synapse: own,
});
const phase = { optimizer: nesterov({ rate: 0.1, momentum: 0.5 }), steps: 3 };
const rule = contrastive({ estimator: pForward(3, 0.1), free: phase, nudged: { ...phase, tolerance: 0 } });
const descent = { optimizer: sgd({ rate: 0.1 }), steps: 4 };

const values: Readonly<Record<string, object>> = {
  'complex synapses': complexSynapse,
  'synapses of one’s own': own,
  'a network of every layer': network,
  'a rule': rule,
  'another estimator': symmetric(-0.2),
  ...{ sgd: sgd({ rate: 1 }), 'heavy ball': heavyBall({ rate: 0.1 }), adam: adam({ rate: 0.1, beta1: 0 }) },
  'the contrastive rule': contrastiveLearner({ network, rule, rules: plainExecutor(), stride: 2 }),
  'the contrastive rule by name': contrastiveLearner({ network, rule, rules: 'gpujs' }),
  ...{ maml: maml({ rate: 0.1, steps: 2 }), fomaml: firstOrderMaml({ rate: 0.1, steps: 2 }) },
  ...{
    reptile: reptile({ rate: 0.1, steps: 2 }),
    joint: joint({ rate: 0.1 }),
    scratch: scratch({ rate: 1 }),
  },
  ...{ imaml: imaml({ ...descent, cgSteps: 2 }), t1t2: t1t2(descent), implicit: exactImplicit(descent) },
  neumann: neumann({ ...descent, terms: 3, seriesRate: 0.1 }),
  'plain rules': plainExecutor(),
  'rules by GPU.js': gpujsExecutor('cpu'),
  'the reference engine': referenceEngine,
  'the engine simd': simdEngine({ blas: 'wasm' }),
  'the engine gpujs': gpujsEngine({ mode: 'cpu' }),
};

/** What there is to see of a value: its data, and the text of its functions. */
const seen = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'function' ? String(part) : part));

describe('what metaplast has made', () => {
  it.each(Object.entries(values))('is described as JSON, and made again as it was: %s', async (_, value) => {
    const description = describeValue(value, 'it');
    const sent = JSON.parse(JSON.stringify(description));
    expect(sent).toEqual(description);
    expect(seen(await remake(sent))).toBe(seen(value));
    expect(describeValue(await remake(sent), 'it')).toEqual(description);
  });

  it('keeps numbers that JSON has none for, arrays of numbers, and what is shared', async () => {
    const value = {
      a: [NaN, -0, Infinity],
      b: Float64Array.of(1, -Infinity),
      c: undefined,
      d: null,
      e: true,
    };
    const { c, ...rest } = value;
    expect(await remake(JSON.parse(JSON.stringify(describeValue(value, 'it'))))).toEqual(rest);
    const rules = plainExecutor();
    const [one, other] = (await remake(describeValue([rules, rules], 'it'))) as object[];
    expect(one).toBe(other);
  });

  it('is described as before where an engine only remembers its sessions', () => {
    const engine = simdEngine({ blas: 'wasm' });
    const { engine: remembering } = new OpenedSessions(engine, 'The test');
    expect(describeValue(remembering, 'it')).toEqual(describeValue(engine, 'it'));
  });

  it('is no longer described by its origin once it is copied and changed', () => {
    const changed = { ...maml({ rate: 0.1, steps: 1 }), regularised: true };
    expect(originOf(changed)).toBeUndefined();
    expect(() => describeValue({ of: [changed] }, 'learner')).toThrow(InputError);
    expect(() => describeValue({ of: [changed] }, 'learner')).toThrow(
      /^learner\.of\[0\]\.learn cannot be made again in another thread\. Got "a function"/,
    );
    expect(originOf(madeAlike({}, {}))).toBeUndefined();
  });
});
