/**
 * Imports go up this list only: a folder may import those before it, never those behind it. See docs/decisions/.
 * "Folder" is the first one below src; models may import src, and scenarios may import both.
 */
const order = [
  'core',
  'kernel',
  'data',
  'tasks',
  'synapse',
  'network',
  'engine',
  'clock',
  'learning',
  'baselines',
  'theory',
  'trace',
  'plot',
  'run',
  'few-shot',
  'cluster',
  'study',
  'inspector',
  'playground',
  'cli',
  'jest',
];

const backArrows = order.map((folder, position) => ({
  name: `${folder}-imports-only-what-stands-before-it`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(${order.slice(position + 1).join('|') || '(?!)'})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'known-folders',
      severity: 'error',
      from: {},
      to: { path: `^src/(?!(${order.join('|')})/|index)` },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(models|scenarios|test)/' },
    },
    {
      name: 'models-below-scenarios',
      severity: 'error',
      from: { path: '^models/' },
      to: { path: '^(scenarios|test)/' },
    },
    {
      name: 'nobody-imports-the-index',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index' },
    },
    {
      name: 'learning-needs-no-concrete-engine',
      comment: 'An engine is given, or asked for by name in src/engine/auto, which loads what is asked for.',
      severity: 'error',
      from: { path: '^src/(learning|clock|trace)/' },
      to: { path: '^src/engine/(reference|simd|gpujs)/' },
    },
    {
      name: 'nothing-undeclared',
      severity: 'error',
      // What the build alone runs may use the build's own tools.
      from: {
        path: '^(src|models|scenarios)',
        pathNot: '^src/(plot/labels/subset-fonts|inspector/page/|playground/)',
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'page-needs-no-node',
      comment:
        'The page runs in browsers, and shares with the server nothing but what the two say to each other.',
      severity: 'error',
      from: { path: '^src/inspector/page/' },
      to: { path: '^src/', pathNot: '^src/inspector/(page|protocol)/' },
    },
    {
      name: 'nobody-imports-the-page',
      severity: 'error',
      from: { path: '^(src|models|scenarios)/', pathNot: '^src/(inspector/page|playground)/' },
      to: { path: '^src/inspector/page/' },
    },
    {
      name: 'playground-needs-no-command-line',
      comment:
        "It runs in browsers: what runs of a machine are made of is not there. Its charts and its theme are the page's.",
      severity: 'error',
      from: { path: '^src/playground/' },
      to: { path: '^src/(run|few-shot|cluster|study|inspector/(server|protocol))/' },
    },
    ...backArrows,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
