import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What happens to a connection. Counts are of bytes that pass before it is cut. */
export type Fault =
  | { readonly cutRequestAfter: number }
  | { readonly cutResponseAfter: number }
  /** One bit of this byte of the response is flipped; nothing is cut. */
  | { readonly flipResponseAt: number }
  /** The server hears nothing; this is answered instead. */
  | { readonly answer: string }
  | null;

/** A TCP proxy on this machine that does to each connection what it is told. */
export interface FaultyProxy {
  readonly port: number;
  /** How many faults have happened. */
  readonly faults: number;
  close(): Promise<void>;
}

/** @param faultOf the fault of a connection, by its number from 0 */
export async function startFaultyProxy(
  target: number,
  faultOf: (connection: number) => Fault,
): Promise<FaultyProxy> {
  let connections = 0;
  let faults = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const fault = faultOf(connections++);
    const upstream = connect(target, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const fail = (): void => {
      if (!client.destroyed) faults++;
      cut();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    if (fault !== null && 'answer' in fault) {
      client.once('data', () => {
        faults++;
        client.end(fault.answer);
      });
      return;
    }
    if (fault !== null && 'flipResponseAt' in fault) {
      forward(client, upstream, Infinity, fail);
      flip(upstream, client, fault.flipResponseAt, () => faults++);
      return;
    }
    const requestBytes = fault !== null && 'cutRequestAfter' in fault ? fault.cutRequestAfter : Infinity; // prettier-ignore
    const responseBytes = fault !== null && 'cutResponseAfter' in fault ? fault.cutResponseAfter : Infinity; // prettier-ignore
    forward(client, upstream, requestBytes, fail);
    forward(upstream, client, responseBytes, fail);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get faults() {
      return faults;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Passes on so many bytes, then calls `after` once they have left. */
function forward(from: Socket, to: Socket, bytes: number, after: () => void): void {
  let left = bytes;
  from.on('data', (chunk: Buffer) => {
    if (chunk.length < left) {
      left -= chunk.length;
      to.write(chunk);
    } else if (left === 0) after();
    else {
      const part = chunk.subarray(0, left);
      left = 0;
      to.write(part, after);
    }
  });
}

/** Passes everything on, with one bit of a byte changed. */
function flip(from: Socket, to: Socket, position: number, after: () => void): void {
  let left = position;
  from.on('data', (chunk: Buffer) => {
    if (left >= 0 && left < chunk.length) {
      chunk[left]! ^= 1;
      after();
    }
    left -= chunk.length;
    to.write(chunk);
  });
}
