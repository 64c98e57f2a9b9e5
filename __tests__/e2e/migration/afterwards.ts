import { expectSuccess } from '../../support/project';
import { type Migration, own } from './migration';

// All clients of this machine have one address, which the firewall counts.
const open = "{ ...edge, requestLimit: 1_000_000, origin: 'open' }";
const locked = '{ ...edge, requestLimit: 1_000_000 }';

const switchesRoute = { at: /^PATCH \/v2\/apis\/[^/]+\/routes\//, done: true };

/** Steps 8 and 9 of docs/migration.md: the earlier stack goes, and an edge comes. */
export function describeEdge(migration: Migration): void {
  it('step 8 deletes the earlier stack, also after a kill', async () => {
    const deletion = ['cloudformation', 'delete-stack', '--stack-name', migration.name];
    await migration.killedAmazon({ at: /^DeleteStack$/ }, ...deletion);
    await migration.earlier.settled('UPDATE_COMPLETE');

    // CloudFormation goes on without the command.
    await migration.killedAmazon({ at: /^DeleteStack$/, done: true }, ...deletion);
    await migration.earlier.settled('DELETE_COMPLETE');
    expectSuccess(await migration.amazon(...deletion));
    await migration.expectNoChanges(own);
  });

  it('step 9 adds an edge that answers too, also after a kill', async () => {
    migration.edit(open);
    const kill = { at: /^POST \/2020-05-31\/distribution(\?|$)/, done: true };
    const recovered = await migration.killedDeploy(kill, own);
    expect(recovered).toContainEqual(expect.stringMatching(/^aws_cloudfront_distribution\./));
    expect(await migration.deploy(own)).toMatch(/Apply complete! .*, 0 destroyed/);
    const url = await migration.url();
    expect(url).not.toBe(migration.plan.endpoint);
    expect(await answerAt(migration, url)).toBe(200);
    await migration.expectNoChanges(own);
    expectSuccess(await migration.kairos(['smoke', 'dev']));
  });
}

/** Step 10 of docs/migration.md, and back, while all clients call the edge. */
export function describeLock(migration: Migration): void {
  it('step 10 locks the address that they knew, also after a kill', async () => {
    migration.edit(locked);
    await migration.killedDeploy(switchesRoute, own);
    expect(await migration.deploy(own)).toMatch(/0 added, [01] changed, 0 destroyed/);
    expect(await answerAt(migration, migration.plan.endpoint)).toBe(401);
    await migration.expectNoChanges(own);
    expectSuccess(await migration.kairos(['smoke', 'dev']));
  });

  it('opens it again for clients that were left behind, also after a kill', async () => {
    migration.edit(open);
    await migration.killedDeploy(switchesRoute, own);
    expect(await migration.deploy(own)).toMatch(/0 added, [01] changed, 0 destroyed/);
    expect(await answerAt(migration, migration.plan.endpoint)).toBe(200);
  });
}

/** Back from step 9, when all clients call the first address again. */
export function describeWithoutEdge(migration: Migration): void {
  it('removes the edge again, also after a kill', async () => {
    migration.edit('false');
    await migration.killedDeploy({ at: /^PUT \/2020-05-31\/distribution\//, done: true }, own);
    await migration.deploy(own);
    expect(await migration.url()).toBe(migration.plan.endpoint);
    await migration.expectNoChanges(own);
  });
}

async function answerAt(migration: Migration, url: string): Promise<number> {
  return (await fetch(await migration.backendAt(url))).status;
}
