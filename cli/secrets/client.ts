import { SSMClient } from '@aws-sdk/client-ssm';
import type { ClientOptions } from '../aws';
import { rememberCalls } from '../aws-calls';

/** @returns a client of the parameter store; a call that is denied can be named. */
export function ssmClient(options: ClientOptions): SSMClient {
  const client = new SSMClient(options);
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return client;
}
