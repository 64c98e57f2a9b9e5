const { default: Sequencer } = require('@jest/test-sequencer');

// The longest last would keep one worker busy while the others have nothing left. jest knows the times of an earlier run
// only, and a fresh clone has none. The first ones need nothing of the cloud that is filled meanwhile.
const first = [
  'e2e/release',
  'e2e/interrupted',
  'e2e/migration',
  'terraform/cdktf-ending',
  'docker/image',
  'terraform/slips',
  'e2e/prod',
  'e2e/dev',
  'e2e/staging',
  'python/emulator',
];

/** @returns a number that is the smaller, the longer a file takes. */
function rank({ path }) {
  const place = first.findIndex((name) => path.endsWith(`__tests__/${name}.test.ts`));
  return place === -1 ? first.length + (path.includes('__tests__/unit/') ? 1 : 0) : place;
}

/** The files that take longest begin first. */
class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
}

module.exports = LongestFirst;
