import { accessKeyOf } from '../../cli/local/accounts';
import type { CloudRecord } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';

/** The region of everything that CloudFront needs: its certificate, its web ACL, and their logs. */
const edgeRegion = 'us-east-1';

/** @returns the options of an AWS client, as the root user of an account in a local cloud. */
export function rootOf(record: CloudRecord, accountId: string, region: string = record.region) {
  return {
    endpoint: endpointOf(record),
    region,
    credentials: { accessKeyId: accessKeyOf(record.accountId, accountId), secretAccessKey: 'test' },
  };
}

/** @returns the regions in which an environment has something. */
export function regionsOf(record: CloudRecord): readonly string[] {
  return [...new Set([record.region, edgeRegion])];
}
