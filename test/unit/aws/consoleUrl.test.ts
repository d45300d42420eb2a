import { describe, expect, test } from 'vitest';
import { createClients } from '../../../src/aws/clients.ts';
import { consoleUrl, isInConsole } from '../../../src/aws/metrics/consoleUrl.ts';

const about = { functionName: 'Resize_1', region: 'eu-west-1', range: { last: 3 * 3600 } };

describe('the address of the console', () => {
  test('has the function’s errors and success rate in the range that is shown', () => {
    expect(consoleUrl(about)).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2:graph=~(metrics' +
        "~(~(~'AWS*2fLambda~'Errors~'FunctionName~'Resize_1~(id~'errors~stat~'Sum~color~'*23d13212))" +
        "~(~'.~'Invocations~'.~'.~(id~'invocations~stat~'Sum))" +
        "~(~(expression~'100*20-*20100*20*2a*20errors*20*2f*20MAX*28*5berrors*2c*20invocations*5d*29" +
        "~label~'Success*20rate*20*28*25*29~id~'availability~yAxis~'right)))" +
        "~view~'timeSeries~stacked~false~region~'eu-west-1~title~'Resize_1~yAxis~(right~(max~100))" +
        "~start~'-PT180M~end~'P0D)",
    );
  });

  test('has a span by its ends', () => {
    const start = Date.UTC(2026, 10, 22, 10) / 1000;
    const url = consoleUrl({ ...about, range: { start, end: start + 60 } });
    expect(url).toContain(
      "~start~'2026-11-22T10*3a00*3a00.000Z~end~'2026-11-22T10*3a01*3a00.000Z)",
    );
  });

  test.each([
    ['us-east-1', 'us-east-1.console.aws.amazon.com'],
    ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
  ])('is of the partition of %s', (region, host) => {
    expect(new URL(consoleUrl({ ...about, region }) ?? '').host).toBe(host);
  });

  test('is not known where the console is not public', () => {
    expect(consoleUrl({ ...about, region: 'us-iso-east-1' })).toBeUndefined();
  });

  test('keeps a hostile name within its text', () => {
    const url = consoleUrl({ ...about, functionName: "')~(x€#?&%" }) ?? '';
    expect(url).toContain("'FunctionName~'*27*29*7e*28x**20ac*23*3f*26*25~(");
  });
});

describe("AWS's console", () => {
  const credentials = { accessKeyId: 'A', secretAccessKey: 's' };
  const identity = { accountId: '123456789012', partition: 'aws' };

  test.each([
    [undefined, true],
    ['https://vpce-0a1b.monitoring.eu-west-1.vpce.amazonaws.com', true],
    ['http://127.0.0.1:4100', false],
    ['http://amazonaws.com.example.org', false],
  ])('of an endpoint at %s: %s', async (endpoint, is) => {
    const clients = createClients({ region: 'eu-west-1', endpoint, credentials }, identity);
    expect(await isInConsole(clients, 'eu-west-1')).toBe(is);
    clients.destroy();
  });
});
