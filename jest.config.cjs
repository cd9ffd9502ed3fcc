/** Kernels are compiled from their own source text, so coverage comes from v8: Istanbul's counters would break them. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  // As the build bundles it: one file, where mathjs has some seven hundred.
  moduleNameMapper: {
    '/mathjs-parts$': '<rootDir>/dist/src/synapse/energy/mathjs-parts.js',
    '^fast-check$': '<rootDir>/test/support/properties.cjs',
  },
  coverageProvider: 'v8',
  collectCoverageFrom: [
    ...['src/**/*.ts', 'models/**/*.ts', 'scenarios/**/*.ts', '!src/index.ts'],
    '!src/engine/simd/assembly/**', // AssemblyScript: what runs of it is WebAssembly
  ],
  coverageReporters: ['text-summary', 'json-summary'],
  coverageThreshold: { global: { statements: 90 } },
  maxWorkers: 2,
  // Jest looks globals up by name through an interceptor, each time; these are handed to each module instead, for code that reckons.
  sandboxInjectedGlobals: [
    'Math',
    'Number',
    'Object',
    'Array',
    'Float64Array',
    'Float32Array',
    'Int32Array',
    'Map',
    'Set',
    'Promise',
  ],
  testTimeout: 300000, // for a test that hangs: machines may be slow, and share their cores
};
