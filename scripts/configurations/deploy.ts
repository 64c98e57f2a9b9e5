import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runTerraform } from '../../cli/cdktf';
import { endpointOf } from '../../cli/local/server';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { tell } from '../../cli/terminal';
import { terraformCommand } from '../../cli/tools/terraform';
import { configuration } from '../../config/environments';
import { environmentNames, namesOf } from '../../config/names';
import type { Configuration, Environment } from '../../config/types';
import { UserError } from '../../errors';
import { type LocalCloud, withLocalCloud } from '../local-cloud';
import type { Hunted } from '../hunt/secret-hunt';

const root = resolve(__dirname, '..', '..');

/** The result of a deploy. */
export interface Deployed {
  readonly stack: string;
  /** The number of resources in the state. */
  readonly resources: number;
  readonly seconds: number;
  /** The changes of a second plan. */
  readonly isClean: boolean;
  /** Which secret was found where. */
  readonly secrets: Hunted;
}

/**
 * @returns whether the table can be deployed into the local cloud: the account's quota must be enough, and there must
 * be no webhook, because nobody answers at a generated address and the provider would wait for its confirmation.
 */
export function fits({ accountConcurrency = 1_000, environments }: Configuration): boolean {
  const hasWebhook = Object.values(environments).some(
    ({ observability }) =>
      observability !== false && observability.subscriptions.some(({ protocol }) => protocol === 'https'),
  );
  return accountConcurrency <= 1_000 && !hasWebhook;
}

/**
 * Deploys one environment of each table into a separate local cloud, one after the other, and destroys it again.
 * @param folder an empty one.
 */
export function deployEach(tables: readonly Configuration[], folder: string): Promise<readonly Deployed[]> {
  return withLocalCloud(folder, async (cloud) => {
    const { record, digest } = cloud;
    const shell = { ...cloud.shell, KAIROS_IMAGE_DIGEST: digest };
    await destroy(namesOf('dev').stack, shell);
    const zones = new Route53Client({
      endpoint: endpointOf(record),
      region: record.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const deployed: Deployed[] = [];
    for (const [index, table] of tables.entries()) {
      const name = environmentNames[index % environmentNames.length] ?? 'dev';
      await createZone(zones, table.environments[name], index);
      const file = join(folder, `table-${index}.json`);
      writeFileSync(file, JSON.stringify(fitted(table)));
      const result = await deployOne(namesOf(name).stack, { ...shell, KAIROS_TABLE: file }, cloud.hear);
      deployed.push({ ...result, secrets: await cloud.hunt() });
    }
    return deployed;
  });
}

async function deployOne(
  stack: string,
  shell: Shell,
  hear: LocalCloud['hear'],
): Promise<Omit<Deployed, 'secrets'>> {
  tell(`deploys ${stack}`);
  const app = ['-r', './bin/typescript', join('scripts', 'configurations', 'app.ts')];
  const synth = await run(process.execPath, app, { cwd: root, shell });
  if (synth.code !== 0) throw new UserError(synth.output);
  const started = Date.now();
  await runTerraform(stack, ['init', '-input=false', '-no-color'], { shell });
  const apply = ['apply', '-auto-approve', '-input=false', '-no-color'];
  hear((await runTerraform(stack, apply, { shell })).output);
  const seconds = Math.round((Date.now() - started) / 1000);
  const { stdout } = await runTerraform(stack, ['state', 'list'], { shell });
  const plan = ['plan', '-input=false', '-no-color', '-detailed-exitcode'];
  const { code, output } = await run(
    terraformCommand(shell),
    [`-chdir=${stackFolder(stack, shell)}`, ...plan],
    {
      shell,
    },
  );
  hear(output);
  if (code !== 0) tell(output);
  await destroy(stack, shell);
  return { stack, resources: stdout.split('\n').length, seconds, isClean: code === 0 };
}

async function destroy(stack: string, shell: Shell): Promise<void> {
  await runTerraform(stack, ['destroy', '-auto-approve', '-input=false', '-no-color'], { shell });
}

/** A certificate is validated in the hosted zone of its name, which only the owner creates. */
async function createZone(zones: Route53Client, { edge }: Environment, index: number): Promise<void> {
  const zone = edge === false ? undefined : edge.domain?.zone;
  if (zone === undefined) return;
  await zones.send(new CreateHostedZoneCommand({ Name: zone, CallerReference: `${zone}-${index}` }));
}

/** The table for the account and the region of the local cloud, with the image in it. */
function fitted(table: Configuration): Configuration {
  const { accountId, region, image } = configuration;
  const { dev, staging, prod } = table.environments;
  const environments = {
    dev: { ...dev, account: undefined },
    staging: { ...staging, account: undefined },
    prod: { ...prod, account: undefined },
  };
  return { ...table, accountId, region, environments, image: { ...image, recipe: table.image.recipe } };
}
