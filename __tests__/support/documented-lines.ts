import { join } from 'node:path';

/**
 * Lines of docs/commands.md, and their results if staging and prod have two versions and the foundation is not
 * deployed. documented-commands.test.ts of the tier `commands` runs them.
 */
export const here: Readonly<Record<string, readonly [code: number, words: RegExp]>> = {
  'npx kairos bootstrap': [0, /^found kairos-tfstate-992382417038-prod$/m],
  // Here prod is in the account of the table. In a separate account: npm run test:two-accounts.
  'npx kairos bootstrap prod': [0, /^found kairos-tfstate-992382417038-prod$/m],
  'npx kairos local env prod': [0, /^export AWS_ACCESS_KEY_ID='test'$/m],
  'npx kairos cost prod --requests 3000000': [0, /│ all of it .*│ \d+\.\d\d/],
  'npx kairos dashboard prod --output prod.svg': [0, /prod\.svg/],
  'npx kairos doctor': [1, /^ {2}wrong {3}foundation/m],
  'npx kairos doctor prod': [1, /^ {2}ok {6}image/m],
  'npx kairos image push': [0, /^src-[0-9a-f]{32} sha256:[0-9a-f]{64} \(was there already/m],
  'npx kairos image push --json': [0, /"pushed": false/],
  'npx kairos logs prod --errors --since 1h': [0, /^no such line since /],
  'npx kairos logs prod --query errors': [0, /^nothing was found$/],
  'npx kairos logs prod --request <id>': [0, /^no such line since /],
  'npx kairos logs prod --source function': [0, /^no such line since /],
  'npx kairos promote staging prod': [0, /kairos-prod: version 2 .*nothing was done/],
  'npx kairos release prod': [0, /kairos-prod: version 2 .*nothing was done/],
  'npx kairos release prod --continue': [1, /kairos-prod has no canary that could be continued/],
  'npx kairos release prod --digest sha256:…': [0, /kairos-prod: version 2 .*nothing was done/],
  'npx kairos release prod --from staging --canary 10 --for 15m': [0, /nothing was done/],
  'npx kairos rollback prod --list': [0, /│ 2 .*│ live │\n│ 1 /],
  'npx kairos rollback prod --policy': [0, /"lambda:UpdateAlias"/],
  'npx kairos rollback prod --to 41': [1, /no version of kairos-prod is or runs 41/],
  'npx kairos secrets check prod': [
    1,
    /^no parameter for SECRET_KEY, .*; next: npx cdktf deploy kairos-foundation$/m,
  ],
  'npx kairos status': [0, /^kairos-dev\n.*nothing was deployed yet[^]*^kairos-prod\n.*version 2,/m],
  'npx kairos status prod': [0, /^kairos-prod\n {2}live {7}version 2,/],
  'npx kairos tune prod': [0, /reported no invocation in that time/],
  'npx kairos tune prod --since 7d': [0, /reported no invocation in that time/],
  'npx kairos unlock prod': [0, /nobody holds the state of kairos-prod/],
  // The last one, because it changes what is live.
  'npx kairos rollback prod --alias-only': [0, /version 1 is live in kairos-prod/],
};

const e2e = (file: string) => join('__tests__', 'e2e', file);
const operations = (file: string) => join('__tests__', 'operations', file);

/** It deploys with cdktf. */
const up = [join('__tests__', 'support', 'shared-cloud.ts'), "'local', 'up', 'dev', 'prod'"] as const;

/** Where a line is run that needs a deployed environment, and its text there. */
export const elsewhere: Readonly<Record<string, readonly [file: string, words: string]>> = {
  'npx cdktf deploy kairos-dev': [e2e('life.ts'), 'project.deploy(stack'],
  'npx cdktf deploy kairos-foundation': up,
  'npx cdktf deploy kairos-prod': up,
  'npx cdktf destroy kairos-dev': [e2e('life.ts'), "'destroy', stack"],
  'npx kairos logs prod --follow': [
    join('__tests__', 'commands', 'logs.test.ts'),
    "'logs', 'dev', '--follow'",
  ],
  'npx kairos migrate plan kairos-backend': [e2e('migration/migration.ts'), "'migrate', 'plan', this.name"],
  'npx kairos migrate secrets kairos-backend prod': [
    e2e('migration/prepare.ts'),
    "'migrate', 'secrets', migration.name",
  ],
  'npx kairos recover prod': [e2e('interrupted.test.ts'), "'recover', 'dev'"],
  'npx kairos release dev': [operations('released-environment.ts'), "'release', 'dev', '--json'"],
  'npx kairos rollback prod': [operations('release.test.ts'), "'rollback', 'dev', '--json'"],
  'npx kairos secrets set prod SECRET_KEY': [e2e('http.ts'), "'secrets', 'set', 'prod', 'SECRET_KEY'"],
  'npx kairos smoke prod --mongodb': [e2e('edge.ts'), "'smoke', 'prod', '--mongodb'"],
  'npx kairos status prod --drift': [operations('release.test.ts'), "status('--drift')"],
  'terraform -chdir=cdktf.out/stacks/kairos-prod state show aws_lambda_function.Backend': [
    e2e('reported.ts'),
    "'state', 'show', '-no-color', 'aws_lambda_function.Backend'",
  ],
};
