import { ApiGatewayV2Client, GetRoutesCommand, UpdateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { reachable } from '../../cli/address';
import { runTerraform } from '../../cli/cdktf';
import { localAddresses } from '../../cli/local/addresses';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { terraformCommand } from '../../cli/tools/terraform';
import { migratedSecretsSchema, migrationPlanSchema } from '../../cli/schemas/migrate';
import cdktf from '../../cdktf.json';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { exampleBackend, putBackendImage } from '../../scripts/backend-image';
import { close, forward, listen } from '../../scripts/faults/forward';
import { assume, createRole } from '../support/aws';
import { BareCloud } from '../support/bare-cloud';
import { earlierSecrets, EarlierStack } from '../support/earlier-stack';
import { Load } from '../support/load';
import { expectSuccess } from '../support/project';
import { inPipe, killWithChildren, until } from '../support/started-command';

/** The way of docs/migration.md: from the earlier guide's stack to kairos-dev, and back, while clients call it. */
const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-migration-'));
const imports = join(room, 'imports');
const name = 'kairos-backend-dev';
const own = namesOf('dev').stack;
const foundation = 'kairos-foundation';

let cloud: BareCloud;
let earlier: EarlierStack;
let shell: Shell;
let plan: z.infer<typeof migrationPlanSchema>;
let load: Load;
/** The address of the edge. */
let url: string;

beforeAll(async () => {
  cloud = await BareCloud.up({ KAIROS_BACKEND_PATH: join(root, 'examples', 'backend') });
  shell = { ...cloud.shell, CDKTF_OUTDIR: join(room, 'cdktf.out') };
  earlier = new EarlierStack(cloud, name, configuration.environments.dev.database.name);
  await earlier.deploy();
  expectSuccess(await cloud.kairos(['bootstrap']));
});

afterAll(async () => {
  await cloud.down();
  rmSync(room, { recursive: true, force: true });
});

/**
 * Synthesizes the stacks with what they take over.
 * @param digest of the image that is released. @param changes of the table, by their paths.
 */
async function synth(
  digest?: string,
  from: string = imports,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  shell = { ...shell, KAIROS_IMAGE_DIGEST: digest ?? shell.KAIROS_IMAGE_DIGEST };
  const given = {
    ...shell,
    KAIROS_TEST_IMPORTS: from,
    KAIROS_TEST_CHANGES: JSON.stringify(changes),
    CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
  };
  const app = ['-r', './bin/typescript', join('__tests__', 'support', 'changed-app.ts')];
  expectSuccess(await run(process.execPath, app, { cwd: root, shell: given }));
}

const terraform = (stack: string, ...args: readonly string[]) => runTerraform(stack, args, { shell });
const apply = (stack: string, ...targets: readonly string[]) =>
  terraform(stack, 'apply', '-auto-approve', '-input=false', ...targets.map((each) => `-target=${each}`));

/**
 * Begins an apply, kills it as soon as it says something, and lets `kairos recover` go on: lock and state are as a person
 * finds them before the step is done again.
 * @returns the addresses that recover has imported.
 */
async function killedApply(
  stack: string,
  said: string,
  ...targets: readonly string[]
): Promise<readonly string[]> {
  const targeted = targets.map((each) => `-target=${each}`);
  const args = [`-chdir=${stackFolder(stack, shell)}`, 'apply', '-auto-approve', '-input=false', ...targeted];
  const command = inPipe[1](terraformCommand(shell), args, { shell, cwd: root });
  await until(() => command.text().includes(said), command);
  killWithChildren(command);
  expect(await command.exited).toBe(128 + constants.signals.SIGKILL);
  const recovered = await cloud.kairos(['recover', stack.replace('kairos-', ''), '--yes', '--json']);
  const { found } = recoverySchema.parse(JSON.parse(expectSuccess(recovered).stdout));
  return found.map(({ address }) => address);
}

/**
 * Kills a command that writes secrets when it is about to write one of them.
 * @param count of the parameter that never arrives, from 1.
 * @returns what the command said.
 */
async function killedBeforeParameter(count: number, args: readonly string[]): Promise<string> {
  let asked = 0;
  const { server, address } = await listen((incoming, outgoing) => {
    if (incoming.headers['x-amz-target'] === 'AmazonSSM.PutParameter' && ++asked === count) return;
    void forward(cloud.clientOptions.endpoint, incoming).then((answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
  });
  const kairos = [join('bin', 'kairos.js'), ...args];
  const given = { ...cloud.shell, AWS_ENDPOINT_URL: address };
  const command = inPipe[1](process.execPath, kairos, { shell: given, cwd: root });
  await until(() => asked === count, command);
  killWithChildren(command);
  expect(await command.exited).toBe(128 + constants.signals.SIGKILL);
  await close(server);
  return command.text();
}

const recoverySchema = z.object({ found: z.array(z.object({ address: z.string() })) });

/** The addresses of a stack that begin with one of these. */
function addresses(stack: string, ...types: readonly string[]): readonly string[] {
  const template = z
    .object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(JSON.parse(readFileSync(join(stackFolder(stack, shell), 'cdk.tf.json'), 'utf8')));
  return Object.entries(template.resource)
    .flatMap(([type, named]) => Object.keys(named).map((each) => `${type}.${each}`))
    .filter((address) => types.some((type) => address.startsWith(type)));
}

/** @returns the variables of a role that may do what a command's `--policy` says, and nothing else. */
async function onlyFor(command: string, ...args: readonly string[]): Promise<Shell> {
  const printed = expectSuccess(await cloud.kairos(['migrate', command, ...args, '--policy']));
  const { Statement } = z.object({ Statement: z.array(z.looseObject({})) }).parse(JSON.parse(printed.stdout));
  const [iam, sts] = [new IAMClient(cloud.clientOptions), new STSClient(cloud.clientOptions)];
  const arn = await createRole(iam, `may-${command}`, configuration.accountId, Statement);
  const role = await assume(sts, arn);
  return {
    AWS_ACCESS_KEY_ID: role.accessKeyId,
    AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
    AWS_SESSION_TOKEN: role.sessionToken,
  };
}

/** Neither a secret's value nor a long part of it. */
function expectNoSecret(text: string): void {
  for (const value of Object.values(earlierSecrets)) expect(text).not.toContain(value.slice(0, 12));
}

it('refuses an environment whose row says another way than the live stack, and writes no file', async () => {
  const { code, output } = await cloud.kairos([
    'migrate',
    'plan',
    name,
    '--env',
    'prod',
    '--output',
    imports,
  ]);
  expect(code).toBe(1);
  expect(output).toContain('environments.prod.edge');
  expect(output).toContain('the database kairos_dev, and environments.prod.database.name is kairos_prod');
  expect(existsSync(imports)).toBe(false);
  expectNoSecret(output);
});

it('says what is taken over, and writes it as a file for each state', async () => {
  const args = [name, '--env', 'dev', '--output', imports];
  const result = await cloud.kairos(['migrate', 'plan', ...args, '--json'], await onlyFor('plan', ...args));
  expectSuccess(result);
  expectNoSecret(result.output);
  plan = migrationPlanSchema.parse(JSON.parse(result.stdout));
  expect(plan.adopted.map(({ stack, to }) => `${stack} ${to}`)).toEqual([
    `${own} aws_apigatewayv2_api.Api`,
    `${own} aws_apigatewayv2_stage.Api_Stage_B35FBB6B`,
    `${own} aws_apigatewayv2_route.Routes_Proxy_DE50624F`,
    `${foundation} aws_ecr_repository.Images`,
  ]);
  expect(plan.unretained).toEqual(['ApiGateway', 'ApiRoute', 'ApiStage']);
  expect(plan.files).toEqual([join(imports, `${own}.tf.json`), join(imports, `${foundation}.tf.json`)]);
});

it('takes the repository over as it is, and the secrets without a file', async () => {
  await synth();
  await terraform(foundation, 'init', '-input=false');
  const needed = addresses(
    foundation,
    'aws_ecr_',
    'aws_kms_alias.Key-dev',
    'aws_ssm_parameter.Secrets-dev',
    'aws_iam_policy.Delivery_FunctionBoundary-dev',
  );
  const recovered = await killedApply(foundation, 'aws_kms_key.Key-dev: Creating...', ...needed);
  expect(recovered).toContain('aws_ecr_repository.Images');
  await synth();
  const { output } = await apply(foundation, ...needed);
  expect(output).toMatch(/Apply complete! .*, 0 destroyed/);
  const role = await onlyFor('secrets', name, 'dev');
  const secrets = ['migrate', 'secrets', name, 'dev'];
  const killed = await killedBeforeParameter(2, secrets);
  const refused = await cloud.kairos(secrets, role);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/nothing was written: dev has [A-Z_]+ already; --overwrite/);
  const again = await cloud.kairos([...secrets, '--overwrite', '--json'], role);
  const { written } = migratedSecretsSchema.parse(JSON.parse(expectSuccess(again).stdout));
  const versions = written.map(({ version }) => version).sort();
  expect(versions).toEqual([
    ...Object.keys(earlierSecrets)
      .slice(1)
      .map(() => 2),
    3,
  ]);
  for (const text of [killed, refused.output, again.output]) expectNoSecret(text);
});

/** @returns where this machine reaches the backend by an address of AWS. */
async function backendAt(address: string): Promise<string> {
  const record = cloud.home.read();
  if (record === undefined) throw new Error('the local cloud does not run');
  return `${reachable(address, await localAddresses(record))}/api/v1/`;
}

/** Ends the load. Nobody it stands for may have noticed anything. */
async function expectServed(clients: Load): Promise<void> {
  const { requests, failed } = await clients.stop();
  expect(failed.slice(0, 3)).toEqual([]);
  expect(requests).toBeGreaterThan(100);
}

/** All clients of this file have one address, which the firewall counts. */
const edge = { ...configuration.environments.prod.edge, requestLimit: 1_000_000 };

/** What the row says of the edge while clients move to its name, and afterwards. */
const open = { 'environments.dev.edge': { ...edge, origin: 'open' } };
const locked = { 'environments.dev.edge': edge };

const nothing = join(room, 'nothing');

describe('while clients call the address', () => {
  beforeAll(async () => {
    load = new Load(await backendAt(plan.endpoint), 4);
  });

  afterAll(() => expectServed(load));

  it('takes the API over, after which nothing is left to change', async () => {
    await earlier.retain(plan.unretained);
    await synth(
      await putBackendImage({ home: cloud.home, shell, clientOptions: cloud.clientOptions }, exampleBackend),
    );
    await terraform(own, 'init', '-input=false');
    await killedApply(own, 'aws_lambda_function.Backend: Creating...');
    await synth();
    const { output } = await apply(own);
    expect(output).toMatch(/Apply complete! .*, 0 destroyed/);
    await synth(undefined, nothing);
    expect((await terraform(own, 'plan', '-input=false')).output).toContain('No changes.');
  });

  it('goes back by the route alone', async () => {
    const api = new ApiGatewayV2Client(cloud.clientOptions);
    const ApiId = plan.adopted[0]?.id ?? '';
    const integration = plan.stays.find(({ type }) => type === 'AWS::ApiGatewayV2::Integration')?.id ?? '';
    const { Items = [] } = await api.send(new GetRoutesCommand({ ApiId }));
    const RouteId = Items.find(({ RouteKey }) => RouteKey === 'ANY /{proxy+}')?.RouteId;
    await api.send(
      new UpdateRouteCommand({
        ApiId,
        RouteId,
        Target: `integrations/${integration.split('/').at(-1) ?? ''}`,
      }),
    );
    // And here again.
    expect((await apply(own)).output).toContain('0 added, 1 changed, 0 destroyed');
  });

  it('goes on when the earlier stack is deleted', async () => {
    await earlier.delete();
    expect((await terraform(own, 'plan', '-input=false')).output).toContain('No changes.');
  });

  it('stands behind an edge that answers too', async () => {
    await synth(undefined, nothing, open);
    expect((await apply(own)).output).toMatch(/Apply complete! .*, 0 destroyed/);
    url = (await terraform(own, 'output', '-raw', 'url')).stdout;
    expect(url).not.toBe(plan.endpoint);
    expect((await fetch(await backendAt(url))).status).toBe(200);
    expect((await terraform(own, 'plan', '-input=false')).output).toContain('No changes.');
    expectSuccess(await cloud.kairos(['smoke', 'dev']));
  });
});

describe('while clients call the edge', () => {
  beforeAll(async () => {
    load = new Load(await backendAt(url), 4);
  });

  afterAll(() => expectServed(load));

  it('locks the address that they knew', async () => {
    await synth(undefined, nothing, locked);
    expect((await apply(own)).output).toContain('0 added, 2 changed, 0 destroyed');
    expect((await fetch(await backendAt(plan.endpoint))).status).toBe(401);
    expect((await terraform(own, 'plan', '-input=false')).output).toContain('No changes.');
    expectSuccess(await cloud.kairos(['smoke', 'dev']));
  });

  it('opens it again for clients that were left behind', async () => {
    await synth(undefined, nothing, open);
    expect((await apply(own)).output).toContain('0 added, 2 changed, 0 destroyed');
    expect((await fetch(await backendAt(plan.endpoint))).status).toBe(200);
  });
});
