// The end of a host's cable inside of it: `node cable.mjs PORT SOCKET`. What connects to the port of the host's own
// network goes on through the socket, a file, to the network outside.
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [port, socket] = process.argv.slice(2);

createServer((inner) => {
  const outer = connect(socket);
  pipeline(inner, outer, inner, () => undefined);
}).listen(Number(port), '127.0.0.1');
