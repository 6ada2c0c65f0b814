import { type AddressInfo, createServer } from 'node:net';

/**
 * Ports on loopback that nobody uses at this moment. They are held open together, so they differ; between here and the program
 * that gets one somebody else could take it, which the caller finds out when that program ends at once.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
