const { default: Sequencer } = require('@jest/test-sequencer');

// The longest last would keep one worker busy while the others have nothing left. jest knows the times of an earlier run
// only, and a fresh clone has none.
const slowTiers = ['e2e', 'python', 'terraform', 'docker'];
const slowFiles = ['release', 'prod', 'staging', 'interrupted', 'dev'];

/** @returns a number that is the smaller, the longer a file takes. */
function rank({ path, context }) {
  const tier = slowTiers.indexOf(context.config.displayName?.name);
  const file = slowFiles.findIndex((name) => path.endsWith(`e2e/${name}.test.ts`));
  return (tier === -1 ? slowTiers.length : tier) * 10 + (file === -1 ? slowFiles.length : file);
}

/** The files that take longest begin first. */
class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
}

module.exports = LongestFirst;
