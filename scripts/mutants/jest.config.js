const { projects } = require('../../jest.config');

const unit = projects.find(({ displayName }) => displayName === 'unit');

/**
 * The unit tests that run the code in their own process. The others start the whole project for each mutant, which
 * takes seconds, and their coverage of the mutants is unknown.
 */
module.exports = {
  ...unit,
  testPathIgnorePatterns: [
    '/unit/cli/local/alone',
    '/unit/docs/',
    '/unit/documents',
    '/unit/errors',
    '/unit/npm-workspace',
    '/unit/packages/',
    '/unit/policies/known-rights',
    '/unit/scripts/',
    '/unit/stacks/inventory',
  ],
};
