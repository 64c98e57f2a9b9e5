import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A parameter store on loopback that is as slow as one in a region. */
export interface SlowParameters {
  /** The environment variables of a function that reads them. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * @param milliseconds how long a response takes, including DNS, the handshake and the call.
 * @param secrets the parameters below the path, by name.
 */
export async function openSlowParameters(
  milliseconds: number,
  path: string,
  secrets: Readonly<Record<string, string>>,
): Promise<SlowParameters> {
  const answer = JSON.stringify({
    Parameters: Object.entries(secrets).map(([name, Value]) => ({ Name: `${path}${name}`, Value })),
  });
  const server = createServer((request, response) => {
    request.resume();
    void pause(milliseconds).then(() => response.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    variables: {
      AWS_REGION: 'eu-west-2',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
      return Promise.resolve();
    },
  };
}
