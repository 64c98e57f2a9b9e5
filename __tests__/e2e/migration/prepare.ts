import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { stackFolder } from '../../../cli/project';
import { migratedSecretsSchema } from '../../../cli/schemas/migrate';
import { incompleteMark, readImports } from '../../../config/imports';
import { Started } from '../../../scripts/kills/started';
import { earlierSecrets } from '../../support/earlier-stack';
import { expectSuccess } from '../../support/project';
import { foundation, type Migration, own } from './migration';
import { describePush } from './push';
import { expectNoSecret, onlyFor } from './roles';

/** Steps 1 to 4 of docs/migration.md, which the earlier stack does not notice. */
export function describePreparation(migration: Migration): void {
  describe('step 1, the plan,', () => {
    it('refuses a row that says another way than the live stack, and writes no file', async () => {
      const args = ['migrate', 'plan', migration.name, '--env', 'prod'];
      const { code, output } = await migration.kairos(args);
      expect(code).toBe(1);
      expect(output).toContain('environments.prod.edge');
      expect(output).toContain('the database kairos_dev, and environments.prod.database.name is kairos_prod');
      expect(existsSync(migration.imports)).toBe(false);
      expectNoSecret(output);
    });

    it('writes no file if it is killed while it reads', async () => {
      await migration.killedKairos({ at: /^GetTemplate$/, done: true }, migration.planArgs);
      expect(existsSync(migration.imports)).toBe(false);
    });

    // The mark, and two files.
    it.each([1, 2, 3])('leaves files that are refused if it is killed in write %i', async (write) => {
      await killedInWrite(migration, write);
      const { code, output } = await migration.synthesis();
      expect(code).toBe(1);
      expect(output).toMatch(/INCOMPLETE exists.*npx kairos migrate plan/);
    });

    it('says what is taken over, and writes it as a file for each state', async () => {
      const result = await migration.look(await onlyFor(migration, migration.planArgs));
      expectNoSecret(result.output);
      const { adopted, unretained, files } = migration.plan;
      expect(adopted.map(({ stack, to }) => `${stack} ${to}`)).toEqual([
        `${own} aws_apigatewayv2_api.Api`,
        `${own} aws_apigatewayv2_stage.Api_Stage_B35FBB6B`,
        `${own} aws_apigatewayv2_route.Routes_Proxy_DE50624F`,
        `${foundation} aws_ecr_repository.Images`,
      ]);
      expect(unretained).toEqual(['ApiGateway', 'ApiRoute', 'ApiStage']);
      expect(files).toEqual([own, foundation].map((stack) => join('imports', `${stack}.tf.json`)));
      expect(existsSync(join(migration.imports, incompleteMark))).toBe(false);
      expect(Object.values(readImports(migration.imports)).flat()).toHaveLength(4);
    });
  });

  it('step 2 takes the repository over as it is, also after a kill', async () => {
    expectSuccess(await migration.synthesis());
    await migration.terraform(foundation, 'init', '-input=false');
    const needed = addresses(
      migration,
      'aws_ecr_',
      'aws_kms_alias.Key-dev',
      'aws_ssm_parameter.Secrets-dev',
      'aws_iam_policy.Delivery_FunctionBoundary-dev',
    );
    await migration.killedDeploy({ at: /^CreateKey$/, done: true }, foundation, ...needed);
    expect(await migration.deploy(foundation, ...needed)).toMatch(/Apply complete! .*, 0 destroyed/);
    expect((await migration.terraform(foundation, 'state', 'list')).stdout).toContain('aws_ecr_repository');
  });

  it('step 3 copies the secrets without a file, also after a kill', async () => {
    const secrets = ['migrate', 'secrets', migration.name, 'dev'];
    const role = await onlyFor(migration, secrets);
    const killed = await migration.killedKairos({ at: /^PutParameter$/, count: 2 }, secrets);
    const refused = await migration.kairos(secrets, role);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/nothing was written: dev has [A-Z_]+ already; --overwrite/);
    const again = await migration.kairos([...secrets, '--overwrite', '--json'], role);
    const { written } = migratedSecretsSchema.parse(JSON.parse(again.stdout));
    const others = Object.keys(earlierSecrets).slice(1);
    expect(written.map(({ version }) => version).sort()).toEqual([...others.map(() => 2), 3]);
    for (const text of [killed, refused.output, again.output]) expectNoSecret(text);
  });

  describePush(migration);
}

/** Kills the plan when half of a file is written. */
async function killedInWrite(migration: Migration, write: number): Promise<void> {
  const { shell, planArgs, imports, room, project } = migration;
  const note = join(room, `held-${write}`);
  const hook = join(project, '__tests__', 'support', 'ending', 'held-write.js');
  const held = { HELD_FOLDER: imports, HELD_WRITE: String(write), HELD_NOTE: note };
  const given = { ...shell, ...held, NODE_OPTIONS: `--require ${hook}` };
  const plan = new Started(process.execPath, [join('bin', 'kairos.js'), ...planArgs], given, project);
  expect(await plan.reaches(() => existsSync(note))).toBe(true);
  await plan.endAll();
}

const templateSchema = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The addresses of the foundation that begin with one of these. */
function addresses({ shell }: Migration, ...types: readonly string[]): readonly string[] {
  const file = join(stackFolder(foundation, shell), 'cdk.tf.json');
  const { resource } = templateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(resource)
    .flatMap(([type, named]) => Object.keys(named).map((each) => `${type}.${each}`))
    .filter((address) => types.some((type) => address.startsWith(type)));
}
