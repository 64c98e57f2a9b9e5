const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};

/** One tier is one folder below __tests__ and one name for `--selectProjects`. */
const tier = (displayName, more = {}) => ({
  displayName,
  rootDir: __dirname,
  testEnvironment: 'node',
  transform,
  testMatch: [`<rootDir>/__tests__/${displayName}/**/*.test.ts`],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/.kairos'],
  ...more,
});

module.exports = {
  projects: [tier('unit'), tier('python'), tier('terraform'), tier('e2e')],
};
