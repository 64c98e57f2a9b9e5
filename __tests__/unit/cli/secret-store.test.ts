import { SSMClient } from '@aws-sdk/client-ssm';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { rememberCalls } from '../../../cli/aws-calls';
import { setSecrets } from '../../../cli/secrets/store';

const requestSchema = z.object({ Name: z.string().optional() });

/** An SSM that has every parameter, and denies to write one of them. */
let server: Server;
let ssm: SSMClient;
const written: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { Name = '' } = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const names = ['SECRET_KEY', 'MONGO_USERNAME', 'MONGO_PASSWORD', 'MONGO_HOST', 'RESEND_API_KEY'];
      const denied = Name.endsWith('MONGO_PASSWORD');
      const put = request.headers['x-amz-target'] === 'AmazonSSM.PutParameter';
      if (put && !denied) written.push(Name);
      const Parameters = names.map((name) => ({ Name: `/kairos/dev/secrets/${name}`, Version: 1 }));
      const answer = put ? { Version: 2 } : { Parameters };
      const denial = { __type: 'AccessDeniedException', message: 'not authorized' };
      response.writeHead(put && denied ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(put && denied ? denial : answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ssm = new SSMClient({ region: 'eu-west-2', endpoint, credentials, maxAttempts: 1 });
  ssm.middlewareStack.add(rememberCalls, { step: 'initialize' });
});
afterAll(() => server.close());

it('says what was written and what was not when a call is denied midway', async () => {
  const values = new Map([
    ['MONGO_USERNAME', 'me'],
    ['MONGO_PASSWORD', 'opensesame'],
    ['RESEND_API_KEY', 're_123'],
  ] as const);
  const refused = expect(setSecrets(ssm, 'dev', values)).rejects;
  await refused.toThrow(
    `ssm:PutParameter on /kairos/dev/secrets/MONGO_PASSWORD was denied: not authorized; give your role this action on it
  written: MONGO_USERNAME (version 2); not written: MONGO_PASSWORD, RESEND_API_KEY
  next, once that is mended: npx kairos secrets set dev MONGO_PASSWORD RESEND_API_KEY`,
  );
  expect(written).toEqual(['/kairos/dev/secrets/MONGO_USERNAME']);
});
