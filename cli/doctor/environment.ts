import { type EnvironmentName, namesOf, type StoredSecretName } from '../../config/names';
import type { SecretStatus } from '../secrets/store';
import { type Check, ok, unknown, wrong } from './check';

export interface SecretsProps {
  readonly environment: EnvironmentName;
  /** The secrets that it has to have. */
  readonly wanted: readonly StoredSecretName[];
  readonly describe: () => Promise<readonly Pick<SecretStatus, 'name' | 'version' | 'isSet'>[]>;
}

export function secretsCheck({ environment, wanted, describe }: SecretsProps): Check {
  return {
    id: 'secrets',
    title: 'secrets',
    run: async () => {
      const found = new Map((await describe()).map((secret) => [secret.name, secret]));
      const missing = wanted.filter((name) => found.get(name)?.version === undefined);
      if (missing.length > 0) {
        return wrong(`no parameter for ${missing.join(', ')}`, 'npx cdktf deploy kairos-foundation');
      }
      const unset = wanted.filter((name) => found.get(name)?.isSet !== true);
      if (unset.length === 0) return ok(`${wanted.length}, all set`);
      return wrong(`unset: ${unset.join(', ')}`, `npx kairos secrets set ${environment} ${unset.join(' ')}`);
    },
  };
}

export interface ImageProps {
  readonly environment: EnvironmentName;
  /** The digest of the last apply. */
  readonly applied: () => Promise<string | undefined>;
  /** Whether ECR has an image. */
  readonly has: (digest: string) => Promise<boolean>;
}

export function imageCheck({ environment, applied, has }: ImageProps): Check {
  return {
    id: 'image',
    title: 'image',
    run: async () => {
      const digest = await applied();
      if (digest === undefined) {
        return unknown(
          `${namesOf(environment).stack} was never deployed`,
          `npx kairos release ${environment}`,
        );
      }
      const short = digest.slice(0, 19);
      if (await has(digest)) return ok(`ECR has ${short}`);
      return wrong(
        `ECR has lost ${short}, which the function runs`,
        `npx kairos image push, then npx kairos release ${environment}`,
      );
    },
  };
}
