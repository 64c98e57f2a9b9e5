import { z } from 'zod';
import type { ConnectTo } from '../address';
import { endpointOf } from './server';
import type { CloudRecord } from './home';

const statusSchema = z.object({
  addresses: z.array(z.object({ domain: z.string(), url: z.string() })),
});

/** @returns the loopback address of each public host that the cloud serves now: APIs and distributions. */
export function localAddresses(record: CloudRecord): Promise<ConnectTo> {
  return addressesAt(endpointOf(record));
}

/** @returns the same for the cloud with this endpoint. */
export async function addressesAt(endpoint: string): Promise<ConnectTo> {
  const response = await fetch(`${endpoint}/_kairos/status`);
  const { addresses } = statusSchema.parse(await response.json());
  return new Map(addresses.map(({ domain, url }): [string, string] => [domain, url]));
}
