/**
 * The functions of metaplast that a description from a queue may call, by module: they describe networks, synapses, methods and engines, and do nothing else. What a description
 * asks for beside them is refused, so that whoever can write to a queue cannot have a worker call what they like.
 */
export const makers: Readonly<Record<string, readonly string[]>> = {
  'src/baselines/anil': ['anil'],
  'src/baselines/exact-implicit': ['exactImplicit'],
  'src/baselines/imaml': ['imaml', 't1t2'],
  'src/baselines/joint': ['joint'],
  'src/baselines/maml': ['maml'],
  'src/baselines/neumann': ['neumann'],
  'src/baselines/reptile': ['reptile'],
  'src/baselines/scratch': ['scratch'],
  'src/engine/auto': ['engineNamed'],
  'src/engine/credited-engine': ['creditedEngine'],
  'src/engine/gpujs/gpujs-engine': ['gpujsEngine'],
  'src/engine/reference/reference-engine': ['referenceEngine'],
  'src/engine/simd/simd-engine': ['simdEngine'],
  'src/few-shot/scenario-parts': ['networkOf', 'learnerOf'],
  'src/learning/contrastive-learner': ['contrastiveLearner'],
  'src/learning/optimizers': ['sgd', 'heavyBall', 'nesterov', 'adam'],
  'src/network/credit/activity': ['activityRule'],
  'src/network/credit/dual': ['dualPropagation'],
  'src/network/credit/equilibrium': ['equilibriumPropagation'],
  'src/network/credit/random-feedback': ['feedbackAlignment', 'directFeedback'],
  'src/network/layers/batch-norm': ['batchNorm'],
  'src/network/layers/conv2d': ['conv2d'],
  'src/network/layers/dense': ['dense'],
  'src/network/layers/flatten': ['flatten'],
  'src/network/layers/modulation': ['modulation'],
  'src/network/layers/pool': ['maxPool', 'averagePool'],
  'src/network/layers/relu': ['relu'],
  'src/network/layers/tanh': ['tanh'],
  'src/network/network': ['defineNetwork'],
  'src/synapse/gpujs-executor': ['gpujsExecutor'],
  'src/synapse/model': ['defineSynapse', 'complexSynapse'],
  'src/synapse/plain-executor': ['plainExecutor'],
  'src/synapse/rule': ['defineRule'],
};

/** What reads files of a user's own: of these a description from a queue names none by its path, but by its checksum. */
export const [fromModule, scenarioFound] = [
  { module: 'src/run/scenario/from-module', name: 'fromModule' },
  { module: 'src/run/scenario/find-scenario', name: 'scenarioFound' },
] as const;
