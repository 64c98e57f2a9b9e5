/**
 * The TypeScript files that `npm run test:mutants` changes: https://stryker-mutator.io/docs/stryker-js/configuration/
 */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'scripts/mutants/jest.config.js', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  // Pure files that decide what production is like. Code that mostly waits for AWS or Terraform is tested by the slow
  // tiers.
  mutate: [
    '{config,aws,stacks,constructs,policies}/**/*.ts',
    'functions/**/*.ts',
    'cli/{bootstrap,secrets}/**/*.ts',
    'cli/{durations,process}.ts',
    'cli/release/{figures,verdict}.ts',
    'cli/image/{prune,registry}.ts',
    'cli/live/versions.ts',
    'cli/status/advice.ts',
    'images/*.ts',
  ],
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: '.kairos/mutants/typescript.json' },
  htmlReporter: { fileName: '.kairos/mutants/typescript.html' },
  tempDirName: '.kairos/mutants/sandbox',
  ignorePatterns: ['cdktf.out', '.kairos', 'coverage'],
};
