import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expectSuccess } from '../../support/project';
import { foundation, type Migration, own } from './migration';

/** Steps 5 to 7 of docs/migration.md: the API gets another owner. */
export function describeTakeover(migration: Migration): void {
  it('step 5 retains the API, also after a kill', async () => {
    const { earlier, room, plan } = migration;
    const deployment = earlier.deployment(room, plan.unretained);
    await migration.killedAmazon({ at: /^ExecuteChangeSet$/ }, ...deployment);
    await migration.look();
    expect(migration.plan.unretained).toEqual(['ApiGateway', 'ApiRoute', 'ApiStage']);

    // CloudFormation goes on without the command.
    await migration.killedAmazon({ at: /^ExecuteChangeSet$/, done: true }, ...deployment);
    await earlier.settled('UPDATE_COMPLETE');
    expectSuccess(await migration.amazon(...deployment));
    await migration.look();
    expect(migration.plan.unretained).toEqual([]);
  });

  it('step 6 imports the API, also after a kill before and after the route has switched', async () => {
    expectSuccess(await migration.synthesis());
    await migration.terraform(own, 'init', '-input=false');
    const recovered = await migration.killedDeploy({ at: /^POST \/2015-03-31\/functions/, done: true }, own);
    expect(recovered).toContain('aws_lambda_function.Backend');
    await migration.killedDeploy({ at: /^PATCH \/v2\/apis\/[^/]+\/routes\//, done: true }, own);
    expect(await migration.deploy(own)).toMatch(/Apply complete! .*, 0 destroyed/);
  });

  it('step 7 deletes the files of the imports, one after the other', async () => {
    for (const stack of [own, foundation]) {
      rmSync(join(migration.imports, `${stack}.tf.json`));
      await migration.expectNoChanges(own);
      await migration.expectNoChanges(foundation, 'aws_ecr_repository.Images');
    }
  });
}
