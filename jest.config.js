const { useTemporaryFolder } = require('./__tests__/support/temporary-folder');
const { missingTools } = require('./__tests__/support/tools');

useTemporaryFolder();

// Terraform and the provider spend a third of their processor time on garbage collection, although they end before
// memory runs out.
process.env.GOGC ??= 'off';
process.env.GOMEMLIMIT ??= '1GiB';

// The lock file pins the SDK, so its notice about later releases is not useful, and each file would print it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};

// They take long, and rarely change. `.ci/trials` tests them.
const everyTrial = process.env.KAIROS_EVERY_TRIAL === '1';
const long = [
  'docker/release',
  'e2e/migration',
  'e2e/interrupted',
  'e2e/staging',
  'commands/image-push-ending',
  'terraform/separate-account',
];
const leftOut = everyTrial ? [] : long.map((name) => `<rootDir>/__tests__/${name}.test.ts`);

/** One tier is one folder below __tests__ and one name for `--selectProjects`. */
const tier = (displayName, more = {}) => ({
  displayName,
  rootDir: __dirname,
  testEnvironment: 'node',
  transform,
  testMatch: [`<rootDir>/__tests__/${displayName}/**/*.test.ts`],
  testPathIgnorePatterns: ['/node_modules/', ...leftOut],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/hcl.out', '<rootDir>/.kairos'],
  ...more,
});

/** A local cloud that the files of a tier share. */
const cloudOf = (displayName) => ({
  globalSetup: `<rootDir>/__tests__/${displayName}/setup.ts`,
  globalTeardown: `<rootDir>/__tests__/${displayName}/teardown.ts`,
});

// Some tests start processes, which take longer on a busy machine.
const slow = { setupFilesAfterEnv: ['<rootDir>/__tests__/support/time-limits.js'] };

const afterOthers = { setupFiles: ['<rootDir>/__tests__/support/after-others.js'] };

const tiers = [
  tier('unit', { ...slow, ...afterOthers }),
  tier('python', slow),
  tier('go', slow),
  tier('terraform', { ...slow, ...afterOthers }),
  tier('docker', slow),
  tier('e2e', { ...slow, ...cloudOf('e2e') }),
  tier('commands', slow),
  tier('operations', { ...slow, ...cloudOf('operations') }),
];

const missing = Object.fromEntries(
  tiers
    .map(({ displayName }) => [displayName, missingTools(displayName)])
    .filter(([, tools]) => tools.length > 0),
);

module.exports = {
  reporters: ['default', ['<rootDir>/__tests__/support/tier-reporter.js', { missing, everyTrial }]],
  // The files of the slow tiers mostly wait for the provider's polling, not for a processor.
  maxWorkers: 4,
  testSequencer: '<rootDir>/__tests__/support/longest-first.js',
  projects: tiers.filter(({ displayName }) => missing[displayName] === undefined),
};
