import { createServer, type IncomingMessage, request, type RequestListener, type Server } from 'node:http';

/** Forwards a call unchanged. @returns the response, whose body is still being received. */
export function forward(target: string, incoming: IncomingMessage): Promise<IncomingMessage> {
  const { host } = new URL(target);
  const { url = '/', method, headers } = incoming;
  return new Promise((resolve, reject) => {
    const forwarded = request(`${target}${url}`, { method, headers: { ...headers, host } }, resolve);
    forwarded.on('error', reject);
    // A client that disconnects during the call has not sent all of it.
    incoming.on('close', () => {
      if (!incoming.complete) forwarded.destroy();
    });
    incoming.pipe(forwarded);
  });
}

/** Listens on a free loopback port. @returns the server, and its URL. */
export async function listen(
  handler: RequestListener,
): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no address');
  return { server, address: `http://127.0.0.1:${address.port}` };
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
