import { type EnvironmentName, namesOf, type StoredSecretName } from '../../config/names';
import { secretsLeft } from '../secrets/left';
import type { SecretStatus } from '../secrets/store';
import { type Check, ok, unknown, wrong } from './check';

export interface SecretsProps {
  readonly environment: EnvironmentName;
  /** The stack that creates their parameters. */
  readonly foundation: string;
  /** The secrets that it needs. */
  readonly wanted: readonly StoredSecretName[];
  readonly describe: () => Promise<readonly Pick<SecretStatus, 'name' | 'version' | 'isSet'>[]>;
}

export function secretsCheck({ environment, foundation, wanted, describe }: SecretsProps): Check {
  return {
    id: 'secrets',
    title: 'secrets',
    run: async () => {
      const found = new Map((await describe()).map((secret) => [secret.name, secret]));
      const secrets = wanted.map((name) => found.get(name) ?? { name, isSet: false });
      const left = secretsLeft(environment, secrets, foundation);
      return left === undefined ? ok(`${wanted.length}, all set`) : wrong(left.found, left.next);
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
        `ECR no longer has ${short}, which the function runs`,
        `npx kairos image push, then npx kairos release ${environment}`,
      );
    },
  };
}
