export { type AnilOptions, anil } from './baselines/anil';
export { exactImplicit } from './baselines/exact-implicit';
export { type ImamlOptions, imaml, t1t2 } from './baselines/imaml';
export {
  type ImplicitGradient,
  type ImplicitProblem,
  implicitGradient,
  relativeError,
} from './baselines/implicit';
export { joint } from './baselines/joint';
export {
  type Eigenvalue,
  type ExtremeEigenvalues,
  extremeEigenvalues,
  type LanczosOptions,
  type Product,
} from './baselines/lanczos';
export { firstOrderMaml, type MamlOptions, maml } from './baselines/maml';
export { nearestNeighbour } from './baselines/nearest-neighbour';
export { type NeumannOptions, neumann } from './baselines/neumann';
export type { MinimumOptions } from './baselines/newton-minimum';
export { type ReptileOptions, reptile } from './baselines/reptile';
export { scratch } from './baselines/scratch';
export { type ClockOptions, clock } from './clock/clock';
export { type Replayed, replay } from './clock/replay';
export {
  type Feedback,
  type NeuralPlan,
  type PhasePlan,
  type RunPlan,
  schedule,
  type TaskPlan,
} from './clock/schedule';
export { scheduleSummary } from './clock/summary';
export type { PhaseTick, StepTick, SweepTick, Tick } from './clock/tick';
export type { AddressOptions as QueueAddressOptions } from './cluster/address';
export { type QueueHost, type QueueHostOptions, queueHost } from './cluster/queue-host';
export {
  CheckpointError,
  ClosedError,
  DivergenceError,
  type ErrorReport,
  InputError,
  Interruption,
  KernelError,
  KinkError,
  LocalityError,
  MetaplastError,
  type Moment,
  NoExactGradientError,
  NoMinimumError,
  UnstableNeuronsError,
  type Violation,
} from './core/errors';
export { type Interval, meanInterval } from './core/interval';
export { RandomStream, RandomStreams, type StreamState } from './core/random';
export type { Shape } from './core/shape';
export { type Batch, makeBatch, selectSamples } from './data/batch';
export { boston, bostonFeatures, bostonTarget } from './data/boston';
export type { EpisodeData, EpisodeSource } from './data/episode-source';
export { type ChannelStatistics, channelStatistics } from './data/images/channel-statistics';
export { readCifar10 } from './data/images/cifar-10';
export { imageBatch } from './data/images/image-batch';
export { type ImageSet, makeImageSet } from './data/images/image-set';
export { readFashionMnist, readMnist } from './data/images/mnist';
export type { ImagePart, ReadImages } from './data/images/reading';
export {
  type StratifiedSplit,
  type StratifiedSplitOptions,
  stratifiedSplit,
} from './data/images/stratified-split';
export type { NpyArray } from './data/npy/header';
export type { ReadArray } from './data/npy/read';
export {
  type CharacterEpisodesOptions,
  characterEpisodes,
} from './data/omniglot/character-episodes';
export { type Character, type CharacterSet, makeCharacterSet } from './data/omniglot/character-set';
export {
  type Omniglot,
  type OmniglotOptions,
  openOmniglot,
  type PrepareOmniglotOptions,
  prepareOmniglot,
} from './data/omniglot/omniglot';
export { readTable } from './data/read-table';
export { type SinusoidOptions, sinusoids } from './data/sinusoid';
export type { Table, TableOptions } from './data/table';
export { type TabledOptions, tabledTasks } from './data/tabled-tasks';
export { type EngineName, type EngineOptions, engineNamed, engineNames, registerEngine } from './engine/auto';
export type { Work } from './engine/counted-session';
export { creditedEngine } from './engine/credited-engine';
export type {
  Engine,
  EngineProbe,
  Evaluation,
  InnerStep,
  Relaxation,
  RelaxOptions,
  Session,
  Settled,
  SettleRequest,
  Threads,
} from './engine/engine';
export type { EvaluateOptions, Statistics } from './engine/evaluate-options';
export {
  type GpujsEngine,
  type GpujsOptions,
  gpujsEngine,
} from './engine/gpujs/gpujs-engine';
export type { GpujsReport } from './engine/gpujs/gpujs-report';
export type { ForwardState } from './engine/reference/credit/forward-state';
export type {
  NeuronArithmetic,
  NeuronDynamics,
  NeuronSurroundings,
} from './engine/reference/credit/neuron-dynamics';
export { registerNeuronArithmetic } from './engine/reference/credit/neuron-table';
export type { OutputCost } from './engine/reference/credit/output-cost';
export type {
  FeatureStatistics,
  LayerArithmetic,
  LayerPass,
  TangentPass,
} from './engine/reference/layer-arithmetic';
export { registerLayerArithmetic } from './engine/reference/layer-table';
export type { LossArithmetic } from './engine/reference/loss-arithmetic';
export { registerLossArithmetic } from './engine/reference/loss-table';
export { referenceEngine } from './engine/reference/reference-engine';
export { simdEngine } from './engine/simd/simd-engine';
export type { SimdOptions } from './engine/simd/simd-options';
export { type ConfigDescription, defineConfig } from './few-shot/define-config';
export type { FewShotFacts, FewShotResult } from './few-shot/facts';
export { type FewShotDescription, fewShotScenario, type SeenMethod } from './few-shot/few-shot-scenario';
export type { Judgement, Stand, TaskJudge, TaskJudgeOptions } from './few-shot/judge-tasks';
export {
  defineMethod,
  type Method,
  type MethodSurroundings,
  type NetworkKind,
} from './few-shot/methods/method';
export type { BestStand, CurvePoint, StreamHistory } from './few-shot/run-stream';
export type { FewShotSettings } from './few-shot/settings';
export type { TaskSet, TaskSetOptions } from './few-shot/task-set';
export type { Activities } from './kernel/activities';
export { auditLocality, type LocalityAudit, type LocalityVerdict } from './kernel/audit-locality';
export { auditLocalityOfModule, type ModuleAudit, type NamedAudit } from './kernel/audit-module';
export { defineKernel, type Kernel, type KernelFunction, type KernelThis } from './kernel/kernel';
export { contrast, type Equilibria } from './learning/contrast';
export {
  type ContrastiveOptions,
  type ContrastiveRule,
  contrastive,
  type PhaseSettings,
} from './learning/contrastive';
export { type ContrastiveLearnerOptions, contrastiveLearner } from './learning/contrastive-learner';
export {
  type ContrastTerm,
  type Estimator,
  estimatorNamed,
  forward,
  forwardCoefficients,
  pForward,
  symmetric,
} from './learning/estimators';
export {
  isMetaUpdate,
  isPhaseEnd,
  isSweep,
  type MetaUpdateEvent,
  type PhaseEndEvent,
  type SimulationEvent,
  type StepEvent,
  type SweepEvent,
} from './learning/events';
export type { LearnerState } from './learning/learner';
export type { EpisodeContext, EpisodeResult, MetaLearner } from './learning/meta-learner';
export type { LearnedBy, MetaMove, MetaMoves, MetaRule, RecordedRule } from './learning/meta-rule';
export { type MetaSettings, type MetaState, MetaUpdate } from './learning/meta-update';
export type { NeuralCourse, NeuronLayer } from './learning/neural-course';
export { type AdamOptions, adam, heavyBall, nesterov, type Optimizer, sgd } from './learning/optimizers';
export {
  type CreditBreach,
  type PerturbCreditOptions,
  type PerturbedCredit,
  type PerturbedSimulation,
  perturbCredit,
} from './learning/perturb-credit/perturb-credit';
export { halving, linearDecay, type RateSchedule, scheduled } from './learning/rate-schedule';
export { taskPlan } from './learning/run-task';
export type { SimulationOptions } from './learning/simulation-options';
export { type RunOptions, Simulation, type SimulationState, simulate } from './learning/simulator';
export {
  SingleTaskLearner,
  type SingleTaskLearnerOptions,
  type SingleTaskStep,
} from './learning/single-task-learner';
export { StreamLearner, type StreamLearnerState } from './learning/stream-learner';
export type { StreamLearnerOptions } from './learning/stream-learner-options';
export type { PhaseResiduals, StreamStep } from './learning/stream-step';
export type { TaskResult } from './learning/task-learner';
export type { TaskHost } from './learning/workers/task-host';
export { type ActivityCredit, type ActivityOptions, activityRule } from './network/credit/activity';
export { backprop } from './network/credit/backprop';
export type { Credit, Surrogate } from './network/credit/credit';
export {
  creditNamed,
  creditNames,
  creditSummary,
  type NamedCredit,
  registerCredit,
} from './network/credit/credits';
export { type DualCredit, type DualOptions, dualPropagation } from './network/credit/dual';
export {
  type EquilibriumCredit,
  type EquilibriumOptions,
  equilibriumPropagation,
} from './network/credit/equilibrium';
export { feedbackWeights } from './network/credit/feedback-weights';
export {
  directFeedback,
  feedbackAlignment,
  type RandomFeedbackCredit,
  type RandomFeedbackOptions,
} from './network/credit/random-feedback';
export { type Initialiser, initialise } from './network/initialiser';
export type { Layer, NeuronParameters, ParameterRole, ParameterSpec } from './network/layer';
export { type BatchNormLayer, type BatchNormOptions, batchNorm } from './network/layers/batch-norm';
export { type Conv2dLayer, type Conv2dOptions, conv2d } from './network/layers/conv2d';
export { type DenseLayer, type DenseOptions, dense } from './network/layers/dense';
export { type FlattenLayer, flatten } from './network/layers/flatten';
export { type ModulationLayer, modulation } from './network/layers/modulation';
export { averagePool, maxPool, type PoolLayer, type PoolOptions } from './network/layers/pool';
export { type ReluLayer, relu } from './network/layers/relu';
export { type TanhLayer, tanh } from './network/layers/tanh';
export { crossEntropy, type Loss, mse } from './network/loss';
export { type MlpOptions, mlp } from './network/mlp';
export {
  defineNetwork,
  initialParameters,
  type Network,
  type NetworkOptions,
  type ParameterBlock,
  type ParameterVector,
  withCredit,
} from './network/network';
export { Neuron, neuronsOf } from './network/neuron';
export { type Activation, type NeuronStage, neuronChain } from './network/neuron-chain';
export { runningStatistics } from './network/running-statistics';
export type { Axis, Cells, Figure, Panel, Point, ReferenceLine, Series, Span } from './plot/figure';
export { type TerminalChartOptions, terminalChart } from './plot/terminal-chart';
export type { EpisodeFile, EpisodeLayer, EpisodeSamples } from './run/estimate/episode';
export {
  type EpisodeMetaGradientOptions,
  type EpisodeMethod,
  episodeMetaGradient,
} from './run/estimate/episode-meta-gradient';
export { type ByVariable, type Estimate, estimate } from './run/estimate/estimate';
export { type Problem, parseProblem, readProblem } from './run/estimate/problem';
export {
  diagnoseLearning,
  type LearnedTask,
  type MetaLearned,
  type MetaLearning,
  metaLearn,
} from './run/meta-learn';
export type { Repeated, RunContext } from './run/run-context';
export { fromModule } from './run/scenario/from-module';
export type { ProjectConfig } from './run/scenario/project-config';
export type { AddedMethod } from './run/scenario/scenario';
export {
  type DiagnoseContext,
  type Diagnosis,
  defineScenario,
  type Outcome,
  type Preset,
  type PresetName,
  type Scenario,
} from './run/scenario/scenario';
export { registerMetaOptimizer } from './run/scenario/settings';
export type { FirstValuesSettings } from './run/scenario/synapse-settings';
export { type JudgeOptions, judgeSimulation } from './run/trust/judge-simulation';
export type { RuleSettings } from './run/trust/rule-settings';
export { rulePaths, type SettingPaths } from './run/trust/setting-paths';
export { type ExecutorName, executorNamed } from './synapse/executor-named';
export type { Flow } from './synapse/flow';
export { gpujsExecutor } from './synapse/gpujs-executor';
export type { GpujsMode, SynchronousMode } from './synapse/gpujs-modes';
export { complexSynapse, defineSynapse, type SynapseDescription, type SynapseModel } from './synapse/model';
export {
  type KernelRunner,
  type LocalityBreach,
  type PerturbOptions,
  type PerturbResult,
  perturbLocality,
} from './synapse/perturb-locality';
export { plainExecutor } from './synapse/plain-executor';
export { Population } from './synapse/population';
export { defineRule, type Rule, type RuleStep } from './synapse/rule';
export type { ExecutorReport, Quantities, RuleExecutor, Scalars } from './synapse/rule-executor';
export type { DeclaredVariable, SlowVariable } from './synapse/slow-variable';
export type { Synapse } from './synapse/synapse';
export type { Connection, SynapseBlock, Topology } from './synapse/topology';
export { type SplitOptions, type SplitTask, splitTask } from './tasks/split-task';
export { type Minibatch, makeTask, type Task } from './tasks/task';
export {
  type BadEpisode,
  type Episode,
  isBad,
  TaskStream,
  type TaskStreamOptions,
  type TaskStreamState,
} from './tasks/task-stream';
export {
  type BoundConstants,
  corollaryBound,
  errorBound,
  optimalBeta,
  optimalBound,
  type PhaseErrors,
} from './theory/bound';
export { drawQuadratic } from './theory/draw-quadratic';
export { type ExactAtMinimum, type ExactAtMinimumOptions, exactAtMinimum } from './theory/exact-at-minimum';
export {
  type PhaseSweep,
  type PhaseSweepOptions,
  type SweptEstimate,
  type SweptPhase,
  sweepPhases,
} from './theory/phase-sweep';
export {
  equilibrium,
  type QuadraticProblem,
  quadraticMetaGradient,
  quadraticProblem,
} from './theory/quadratic';
export {
  equilibriumEstimate,
  finiteDifferenceBounds,
  finiteDifferenceError,
  quadraticConstants,
} from './theory/quadratic-estimate';
export type { Advice } from './theory/trust/advise';
export { type Agreement, agreement } from './theory/trust/agreement';
export type { Descent } from './theory/trust/descent';
export { type Disagreement, type EstimateError, estimateError } from './theory/trust/estimate-error';
export { gatherEvidence } from './theory/trust/gather-evidence';
export type { Judged } from './theory/trust/judge';
export type { Trial } from './theory/trust/trial';
export { judgeTrust, type Trust } from './theory/trust/trust';
export type {
  Diverged,
  FieldEvidence,
  NeuronEvidence,
  PhaseEnd,
  PhaseOptimizer,
  SettledNeurons,
  SmallerNudge,
  TrustEvidence,
} from './theory/trust/trust-evidence';
export type { TrustProblem } from './theory/trust/trust-problem';
export { toleratedError, type Verdict } from './theory/trust/verdict';
export type { AccountColumn } from './trace/account-columns';
export type { NeuronPlace, NeuronProbe, NeuronSelection } from './trace/neuron-probe';
export { readNpy } from './trace/npy';
export { mostBytes, type Probe, type ProbeMoment, type SynapseSelection } from './trace/probe';
export {
  type IndexRun,
  type RecordedBlock,
  type RecordedSynapse,
  RecordedSynapses,
  type StoredSynapses,
  type SynapseRuns,
} from './trace/recorded-synapses';
export {
  type NeuronTraceEntry,
  type Recordable,
  Recorder,
  type RecorderOptions,
  record,
  type TraceEntry,
} from './trace/recorder';
