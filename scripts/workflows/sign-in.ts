import { appendFileSync } from 'node:fs';
import { GitHubIdentity } from '../../__tests__/support/github-identity';
import { LocalHome } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';

/**
 * Does what AWS's action does for the environment of a job: adds credentials of the role, for a token that is signed like
 * GitHub's token of the job, and masks them. The argument is the role's ARN.
 */
async function main(): Promise<void> {
  const role = process.argv[2]?.split('/')[1] ?? '';
  const home = new LocalHome(process.env);
  const record = home.read();
  if (record === undefined) throw new Error('the local cloud does not run');
  const options = { region: record.region, endpoint: endpointOf(record) };
  const keys = await new GitHubIdentity(home).signIn(options, role, contextOf(role));
  // For the secret search, which does not search the folder of this file.
  const { KAIROS_SIGNED_IN: file = '' } = process.env;
  if (file !== '') appendFileSync(file, `${JSON.stringify(keys)}\n`);
  const lines = Object.entries(keys).map(([name, value]) => `${name}=${value ?? ''}\n`);
  appendFileSync(process.env.GITHUB_ENV ?? '', lines.join(''));
  // As AWS's action does, so that no log of the job shows them.
  for (const value of Object.values(keys)) console.log(`::add-mask::${value ?? ''}`);
}

/** The subject of GitHub's token, which act does not know: the job's environment, otherwise the event. */
function contextOf(role: string): string {
  const environment = /^kairos-(\w+)-deploy$/.exec(role)?.[1];
  if (environment !== undefined) return `environment:${environment}`;
  return process.env.GITHUB_EVENT_NAME === 'pull_request' ? 'pull_request' : 'ref:refs/heads/main';
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
