import { accessKeyOf } from '../../cli/local/accounts';
import type { CloudRecord } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';
import type { Place } from '../../config/account';

/** The region of everything that CloudFront needs: its certificate, its web ACL, and their logs. */
const edgeRegion = 'us-east-1';

/** An account of a local cloud, and the region of its environments. */
export type HuntedAccount = Pick<Place, 'accountId' | 'region'>;

/**
 * @param region of the client. @default - that of the account's environments
 * @returns the options of an AWS client, as the root user of an account in a local cloud.
 */
export function rootOf(
  record: CloudRecord,
  { accountId, region: home }: HuntedAccount,
  region: string = home,
) {
  return {
    endpoint: endpointOf(record),
    region,
    credentials: { accessKeyId: accessKeyOf(record.accountId, accountId), secretAccessKey: 'test' },
  };
}

/** @returns the regions in which the environments of an account have something. */
export function regionsOf({ region }: HuntedAccount): readonly string[] {
  return [...new Set([region, edgeRegion])];
}
