import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import type { Call } from './calls';
import { environmentCalls } from './environment';
import { foundationCalls } from './foundation';
import { prodSteps, steps } from './life';

const folder = join(resolve(__dirname, '..', '..'), '__tests__', 'python', 'rights');

/**
 * Deploys and destroys dev, prod and the foundation with the roles of their pipelines, and records the calls of the
 * roles: `npm run rights`, or `npm run rights foundation` for one of them. `__tests__/python/rights.test.ts` tests
 * whether the roles have other permissions.
 */
const lives: Readonly<Record<string, () => Promise<readonly Call[]>>> = {
  foundation: foundationCalls,
  dev: () => environmentCalls('dev', steps),
  prod: () => environmentCalls('prod', prodSteps),
};
const files: Readonly<Record<string, string>> = { dev: 'calls.json' };

async function main(): Promise<void> {
  const [chosen] = process.argv.slice(2);
  if (chosen !== undefined && !(chosen in lives))
    throw new UserError(`there is no life of "${chosen}"; there are ${Object.keys(lives).join(', ')}`);
  for (const [name, lead] of Object.entries(lives)) {
    if (chosen !== undefined && chosen !== name) continue;
    const calls = await lead();
    const path = join(folder, files[name] ?? `${name}-calls.json`);
    writeFileSync(path, `${JSON.stringify(calls, undefined, 2)}\n`);
    tell(`${calls.length} calls in ${path}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
