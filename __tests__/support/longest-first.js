const { default: Sequencer } = require('@jest/test-sequencer');

// If the longest files were last, one worker would be busy while the others are idle. jest only knows the times of an
// earlier run, and a new clone has none. The first files do not need the cloud that is filled meanwhile.
const first = [
  'operations/release',
  'operations/canary',
  'operations/dev',
  'operations/edge',
  'e2e/interrupted',
  'e2e/migration',
  'python/emulator',
  'e2e/dev',
  'e2e/prod',
  'docker/image',
  'e2e/staging',
  'commands/cdktf-ending',
  'commands/slips',
];

/** @returns a number that is smaller for a file that takes longer. */
function rank({ path }) {
  const place = first.findIndex((name) => path.endsWith(`__tests__/${name}.test.ts`));
  return place === -1 ? first.length + (path.includes('__tests__/unit/') ? 1 : 0) : place;
}

/** The files that take longest start first. */
class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
}

module.exports = LongestFirst;
