// `node latencyProxy.ts PORT MILLISECONDS`: a TCP proxy on loopback whose line is so long, in a process of
// its own. Half of the time goes each way. Prints its own port.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const [port = '', latency = '0'] = process.argv.slice(2);
const half = Number(latency) / 2;

/** Passes on what comes, later; nothing is lost when the sender ends. */
function delay(from: Socket, to: Socket): void {
  let held = 0;
  from.on('data', chunk => {
    held += chunk.length;
    // As much as is on a fast line of this length.
    if (held > LINE) from.pause();
    setTimeout(() => {
      held -= chunk.length;
      if (held <= LINE) from.resume();
      to.write(chunk);
    }, half);
  });
  from.on('end', () => setTimeout(() => to.end(), half));
  from.on('close', () => setTimeout(() => to.destroy(), half * 2));
  from.on('error', () => undefined);
}

const LINE = 16 * 1024 * 1024;

const server = createServer({ noDelay: true, allowHalfOpen: true }, client => {
  const upstream = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  delay(client, upstream);
  delay(upstream, client);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
