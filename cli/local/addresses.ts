import { z } from 'zod';
import type { ConnectTo } from '../address';
import { endpointOf } from './server';
import type { CloudRecord } from './home';

const statusSchema = z.object({
  addresses: z.array(z.object({ domain: z.string(), url: z.string() })),
});

/** @returns the loopback address behind each public name that the cloud plays now: APIs and distributions. */
export function localAddresses(record: CloudRecord): Promise<ConnectTo> {
  return addressesAt(endpointOf(record));
}

/** @returns the same for the cloud whose AWS APIs are at this address. */
export async function addressesAt(endpoint: string): Promise<ConnectTo> {
  const response = await fetch(`${endpoint}/_kairos/status`);
  const { addresses } = statusSchema.parse(await response.json());
  return new Map(addresses.map(({ domain, url }): [string, string] => [domain, url]));
}
