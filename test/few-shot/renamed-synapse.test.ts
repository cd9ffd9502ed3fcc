import fc from 'fast-check';
import { sinusoidMlp } from '../../models/sinusoid-mlp';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { methods } from '../../src/few-shot/methods/all-methods';
import type { Method } from '../../src/few-shot/methods/method';
import { gradientsOf } from '../../src/learning/meta-learner';
import { adam } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import { complexSynapse, defineSynapse, type SynapseModel } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { TaskStream } from '../../src/tasks/task-stream';

/** The roles of the complex synapse's variables. */
interface Names {
  readonly weight: string;
  readonly anchor: string;
  readonly strength: string;
}

/** The complex synapse, with other names and its slow variables declared in one of both orders. */
function renamed({ weight, anchor, strength }: Names, swapped: boolean): SynapseModel {
  const entries = [
    [anchor, {}],
    [strength, { initial: 0.5, nonNegative: true, learned: false }],
  ];
  return defineSynapse({
    fast: weight,
    meta: Object.fromEntries(swapped ? entries.reverse() : entries),
    anchor,
    penalty: `${strength} * (${weight} - ${anchor})^2 / 2`,
  });
}

/** Names that mean something elsewhere, the built-in ones among them, in roles of their own or of others. */
const pool = [
  'phi',
  'omega',
  'lambda',
  'anchor',
  'k',
  'λ',
  'ω',
  'u_1',
  '_w',
  'e',
  'pi',
  'rate',
  'decay',
  'w0',
];
const names = fc
  .shuffledSubarray(pool, { minLength: 3, maxLength: 3 })
  .map(([weight, anchor, strength]) => ({ weight, anchor, strength }) as Names);

const complexMethods = methods.filter(({ network }) => network === 'complex');
const engines: readonly (readonly [string, () => Engine])[] = [
  ['reference', () => referenceEngine],
  ['simd', () => simdEngine({ blas: 'wasm' })],
  ['gpujs', () => gpujsEngine({ mode: 'webasm' })],
];

/** What two meta-steps and an evaluation come to: losses, and the slow variables by role. */
async function lived(method: Method, synapse: SynapseModel, roles: Names, engine: Engine) {
  const rules = engine.name === 'reference' ? plainExecutor() : gpujsExecutor('webasm');
  const network = sinusoidMlp(3, synapse);
  const short = [{ free: { steps: 6 }, nudged: { steps: 4 } }, { steps: 4 }, {}];
  const settings = short
    .map((given) => method.settings.safeParse(given))
    .find(({ success }) => success)!.data;
  const learner = method.make(settings, { network, rules, stride: 10 });
  const learn = [roles.anchor, roles.strength].filter((name) => gradientsOf(learner, network).includes(name));
  const synapses = new StreamLearner({
    ...{ network, learner, batch: 2, engine, rules, seed: 1 },
    stream: new TaskStream({
      source: sinusoids({ support: 4, query: 4, amplitude: [0.1, 0.5] }),
      random: new RandomStream('tasks', 'seed'),
    }),
    meta: { optimizer: adam({ rate: 0.01 }), learn },
  });
  try {
    const losses =
      learn.length === 0
        ? []
        : [(await synapses.metaStep())!.heldOutLoss, (await synapses.metaStep())!.heldOutLoss];
    const { variables } = synapses.save();
    return { losses, anchor: variables[roles.anchor], strength: variables[roles.strength] };
  } finally {
    await synapses.close();
    rules.close();
  }
}

const builtIn = { weight: 'phi', anchor: 'omega', strength: 'lambda' };

describe.each(engines)('on engine %s, a synapse of the same mathematics under other names', (_name, open) => {
  it.each(complexMethods.map((method) => [method.name, method] as const))(
    'learns by method %s to the last bit what the complex synapse learns',
    async (_method, method) => {
      const engine = open();
      const truth = await lived(method, complexSynapse, builtIn, engine);
      await fc.assert(
        fc.asyncProperty(names, fc.boolean(), async (roles, swapped) => {
          expect(await lived(method, renamed(roles, swapped), roles, engine)).toEqual(truth);
        }),
        { numRuns: engine.name === 'reference' ? 8 : 2 },
      );
    },
  );
});
