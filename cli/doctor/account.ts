import { UserError } from '../../errors';
import type { Account } from '../aws';
import { type Check, ok, wrong, wrongBy } from './check';

/** @param open opens the account of the table; it throws if the credentials belong to another account. */
export function credentialsCheck(open: () => Promise<Pick<Account, 'caller' | 'configuration'>>): Check {
  return {
    id: 'credentials',
    title: 'credentials',
    run: async () => {
      try {
        const { caller, configuration } = await open();
        return ok(`${caller} of account ${configuration.accountId}`);
      } catch (error) {
        if (error instanceof UserError) return wrongBy(error);
        throw error;
      }
    },
  };
}

/** @param region of the table. @param named the region in the shell's variables, which only the aws command uses. */
export function regionCheck(region: string, named: string | undefined): Check {
  const other = named === undefined || named === '' || named === region ? undefined : named;
  return {
    id: 'region',
    title: 'region',
    run: () =>
      Promise.resolve(
        other === undefined
          ? ok(region)
          : ok(`${region}, as the table says; the aws command would use ${other} (AWS_REGION)`),
      ),
  };
}

/** A bucket in S3. */
export type BucketLook =
  | { readonly there: false }
  | { readonly there: true; readonly region?: string; readonly keepsVersions: boolean };

export interface BucketsProps {
  readonly buckets: readonly string[];
  /** The region in which they should be. */
  readonly region: string;
  /** The command that creates missing buckets. */
  readonly bootstrap: string;
  readonly look: (bucket: string) => Promise<BucketLook>;
}

export function bucketsCheck({ buckets, region, bootstrap, look }: BucketsProps): Check {
  return {
    id: 'buckets',
    title: "buckets of Terraform's state",
    run: async () => {
      const faults = await Promise.all(
        buckets.map(async (bucket) => {
          const found = await look(bucket);
          if (!found.there) return `${bucket} is missing`;
          if (found.region !== undefined && found.region !== region) {
            return `${bucket} lies in ${found.region}, the table says ${region}`;
          }
          return found.keepsVersions ? undefined : `${bucket} keeps no versions`;
        }),
      );
      const said = faults.filter((fault) => fault !== undefined);
      if (said.length === 0) return ok(`${buckets.length}, each with its versions`);
      const elsewhere = said.some((fault) => fault.includes(' lies in '));
      return wrong(
        said.join(', '),
        elsewhere ? 'set region in config/environments.ts, or KAIROS_AWS_REGION' : bootstrap,
      );
    },
  };
}

export interface FoundationProps {
  /** Its stack. */
  readonly stack: string;
  /** The ECR repository. */
  readonly repository: string;
  /** Whether it was ever applied. */
  readonly hasState: () => Promise<boolean>;
  readonly hasRepository: () => Promise<boolean>;
}

export function foundationCheck({ stack, repository, hasState, hasRepository }: FoundationProps): Check {
  return {
    id: 'foundation',
    title: 'foundation',
    run: async () => {
      const [applied, there] = await Promise.all([hasState(), hasRepository()]);
      if (applied && there) return ok(`deployed, with the repository ${repository}`);
      return wrong(
        applied ? `deployed, and ECR has no repository ${repository}` : 'was never deployed',
        `npx cdktf deploy ${stack}`,
      );
    },
  };
}

export interface QuotaProps {
  /** The value in the table. */
  readonly expected: number;
  /** The path of the value in the table. */
  readonly member: string;
  readonly read: () => Promise<number>;
}

export function quotaCheck({ expected, member, read }: QuotaProps): Check {
  return {
    id: 'concurrency',
    title: "Lambda's quota of concurrency",
    run: async () => {
      const quota = await read();
      if (quota === expected) return ok(`${quota}, as the table says`);
      const table = `${member}: ${quota} in config/environments.ts`;
      return wrong(
        `${quota}, the table says ${expected}`,
        quota > expected
          ? table
          : `${table}, or ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${expected}`,
      );
    },
  };
}

/** @param ask a call that only us-east-1 can answer. */
export function edgeRegionCheck(ask: () => Promise<void>): Check {
  return {
    id: 'us-east-1',
    title: 'us-east-1, for CloudFront',
    run: async () => {
      try {
        await ask();
        return ok('answers');
      } catch (error) {
        // An access denied error of a role says nothing about the region, unless it comes from a policy of the
        // organization.
        const denied = error instanceof Error && /denied|unauthorized/i.test(error.name);
        if (denied && !error.message.includes('service control policy')) throw error;
        const words = error instanceof Error ? error.message : String(error);
        return wrong(
          `does not answer: ${words}`,
          'allow us-east-1 in the network and the service control policies: CloudFront, its firewall and certificates are there',
        );
      }
    },
  };
}
