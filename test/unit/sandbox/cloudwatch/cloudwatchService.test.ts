import { expect, it } from 'vitest';
import { cloudwatchService } from '../../../../src/sandbox/cloudwatch/cloudwatchService.ts';
import type { MetricsContext } from '../../../../src/sandbox/cloudwatch/metricsContext.ts';
import { internalError } from '../../../../src/sandbox/errors.ts';
import type { SandboxRequest } from '../../../../src/sandbox/request.ts';

const rendered = (headers: Readonly<Record<string, string>>) =>
  cloudwatchService({} as MetricsContext).renderError(internalError(), {
    headers,
  } as unknown as SandboxRequest);

it("a fault of CloudWatch's own has the names of its model", () => {
  const json = rendered({ 'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics' });
  expect(json.status).toBe(500);
  expect(json.headers?.['x-amzn-query-error']).toBe('InternalServiceError;Receiver');
  expect(json.body).toContain('"__type":"InternalServiceFault"');
  expect(rendered({}).body).toContain('<Code>InternalServiceError</Code>');
});
