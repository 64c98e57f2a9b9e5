import { SSMClient } from '@aws-sdk/client-ssm';
import type { ClientOptions } from '../aws';
import { rememberCalls } from '../aws-calls';

/** @returns a client of the parameter store, which adds a denied call to its error. */
export function ssmClient(options: ClientOptions): SSMClient {
  const client = new SSMClient(options);
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return client;
}
