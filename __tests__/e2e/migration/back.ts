import { z } from 'zod';
import { expectSuccess } from '../../support/project';
import { type Migration, own } from './migration';

const routesSchema = z.object({ Items: z.array(z.object({ RouteId: z.string(), RouteKey: z.string() })) });
const unlockSchema = z.object({ held: z.boolean(), lock: z.object({ id: z.string() }).optional() });

/** What docs/migration.md removes from the state, because `destroy` would delete it. */
const taken = [
  'aws_apigatewayv2_api.Api',
  'aws_apigatewayv2_stage.Api_Stage_B35FBB6B',
  'aws_apigatewayv2_route.Routes_Proxy_DE50624F',
];

/** The way back of docs/migration.md, as long as the earlier stack exists. */
export function describeWayBack(migration: Migration): void {
  it('goes back by the route alone, and here again', async () => {
    await back(migration);
    expect(await migration.deploy(own)).toContain('0 added, 1 changed, 0 destroyed');
  });

  it('goes back for good: removes the API from the state, also after a kill', async () => {
    await back(migration);
    const remove = ['state', 'rm', ...taken];
    await migration.killedTerraform({ at: /^PUT .*kairos-dev\.tfstate(\?|$)/ }, own, ...remove);
    await unlock(migration);
    await migration.terraform(own, ...remove);
    const { stdout } = await migration.terraform(own, 'state', 'list');
    for (const address of taken) expect(stdout.split('\n')).not.toContain(address);
  });

  it('destroys what was added to the API, also after a kill', async () => {
    const destroy = ['destroy', '-auto-approve', '-input=false'];
    const kill = { at: /^DELETE \/2015-03-31\/functions\/kairos-dev/, done: true };
    await migration.killedTerraform(kill, own, ...destroy);
    await unlock(migration);
    expect((await migration.terraform(own, ...destroy)).output).toContain('Destroy complete!');
    expect((await migration.terraform(own, 'state', 'list')).stdout.trim()).toBe('');
  });

  it('gives the API back to its stack, also after a kill', async () => {
    const deployment = migration.earlier.deployment(migration.room, []);
    await migration.killedAmazon({ at: /^ExecuteChangeSet$/, done: true }, ...deployment);
    await migration.earlier.settled('UPDATE_COMPLETE');
    expectSuccess(await migration.amazon(...deployment));
    await migration.look();
    expect(migration.plan.unretained).toEqual(['ApiGateway', 'ApiRoute', 'ApiStage']);
  });
}

/** Switches the route to the earlier function by one call, which is killed and repeated. */
async function back(migration: Migration): Promise<void> {
  const { adopted, stays } = migration.plan;
  const api = ['--api-id', adopted[0]?.id ?? ''];
  const integration = stays.find(({ type }) => type === 'AWS::ApiGatewayV2::Integration')?.id ?? '';
  const { stdout } = expectSuccess(await migration.amazon('apigatewayv2', 'get-routes', ...api));
  const { Items } = routesSchema.parse(JSON.parse(stdout));
  const route = Items.find(({ RouteKey }) => RouteKey === 'ANY /{proxy+}')?.RouteId ?? '';
  const target = ['--target', `integrations/${integration.split('/').at(-1) ?? ''}`];
  const update = ['apigatewayv2', 'update-route', ...api, '--route-id', route, ...target];
  await migration.killedAmazon({ at: /^PATCH .*\/routes\//, done: true }, ...update);
  expectSuccess(await migration.amazon(...update));
}

/** `kairos recover` would import the API again. */
async function unlock(migration: Migration): Promise<void> {
  const { stdout } = await migration.kairos(['unlock', 'dev', '--json']);
  const { lock } = unlockSchema.parse(JSON.parse(stdout));
  expectSuccess(await migration.kairos(['unlock', 'dev', lock?.id ?? 'none']));
}
