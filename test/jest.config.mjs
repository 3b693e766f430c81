/** Jest runs ES modules as they are (see Decisions in backbone/README.md). */
export default {
  rootDir: '..',
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/{unit,contract,e2e,crash}/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.mjs' },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // One more than the two cores the time limit is meant for: each waits at times, for a timer or for a process it started.
  maxWorkers: 3,
  // Modules of a finished file stay in its worker.
  workerIdleMemoryLimit: '400MB',
  testTimeout: 60_000,
  collectCoverageFrom: ['backbone/**/*.ts', '!**/node_modules/**'],
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageThreshold: { global: { lines: 95, branches: 95 } },
  coverageReporters: ['text-summary', 'lcovonly', 'json'],
};
