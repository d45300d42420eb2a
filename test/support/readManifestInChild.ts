import { createClients } from '../../src/aws/clients.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';

/** Reads `s3://b-b/m.csv` at the endpoint given and prints the summary: a process of little memory. */
const [, , endpoint] = process.argv;
const clients = createClients(
  { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'A', secretAccessKey: 's' } },
  { accountId: '123456789012', partition: 'aws' },
);
const summary = await readManifest(clients.s3(), { bucket: 'b-b', key: 'm.csv' });
clients.destroy();
console.log(JSON.stringify({ ...summary, memory: process.memoryUsage().rss }));
