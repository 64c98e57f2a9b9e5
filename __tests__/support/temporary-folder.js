const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Gives a run of the tests a folder for all that they and what they start put among the temporary files. A run leaves
 * thousands, most of them cdktf's, which has no way to take back what it synthesized for a test.
 */
function useTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-tests-'));
  // As open as the folder that it is in: there are tests that do as another user.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.on('exit', () => {
    // What a test has just ended may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

module.exports = { useTemporaryFolder };
