import { run } from '../../cli/process';
import { expectSuccess, outerShell } from '../support/project';

/** Fills one local cloud for all files of the tier: the provider's own polling is most of a deploy. */
export default async function setup(): Promise<void> {
  const up = ['local', 'up', 'dev', 'staging', 'prod'];
  const result = await run(process.execPath, ['bin/kairos.js', ...up], {
    shell: { ...outerShell, CI: '1' },
    onLine: (line) => process.stderr.write(`  local cloud: ${line}\n`),
  });
  expectSuccess(result);
}
