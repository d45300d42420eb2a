import { describe, expect, it } from 'vitest';
import { createClients } from '../../../src/aws/clients.ts';

describe('whether functions are run on this computer', () => {
  it.each([
    ['http://127.0.0.1:4566', true],
    ['http://127.1.2.3', true],
    ['http://localhost:4566', true],
    ['https://s3.localhost', true],
    ['http://[::1]:9000', true],
    ['http://192.168.1.4:9000', false],
    ['https://localhost.example.com', false],
    ['https://lambda.us-east-1.amazonaws.com', false],
    [undefined, false],
  ])('is told by the address of Lambda: %s → %s', (endpoint, here) => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const config = { region: 'us-east-1', endpoint, credentials };
    const clients = createClients(config, { accountId: '123456789012', partition: 'aws' });
    expect(clients.functionsRunHere).toBe(here);
    clients.destroy();
  });
});
