const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Gives a run of the tests a folder for the temporary files of all its processes. A run leaves thousands of them, most
 * from cdktf, which cannot delete what it synthesized for a test.
 */
function useTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-tests-'));
  // With the same mode as its parent, because some tests run as another user.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.on('exit', () => {
    // A process that a test has just ended may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

module.exports = { useTemporaryFolder };
