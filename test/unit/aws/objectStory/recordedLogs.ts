import type { LogLine } from '../../../../src/aws/functions/functionLogs.ts';

/** Log lines in the shapes in which AWS writes them; names, ids and times are made up. */

export const ONE = '3f1e2d4c-7a6b-4c8d-9e0f-1a2b3c4d5e6f';
export const TWO = '9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d';
export const STREAM = '2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef';
export const OTHER_STREAM = '2026/11/22/[$LATEST]fedcba9876543210fedcba9876543210';

/** Milliseconds after ten o'clock. */
export const at = (ms: number): Date => new Date(Date.UTC(2026, 10, 22, 10) + ms);

export function line(ms: number, message: string, stream = STREAM): LogLine {
  return { timestamp: at(ms), message, stream };
}

const ARN = 'arn:aws:lambda:eu-central-1::runtime:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978';
export const INIT_START = `INIT_START Runtime Version: nodejs:24.v12\tRuntime Version ARN: ${ARN}`;
export const start = (id: string) => `START RequestId: ${id} Version: $LATEST`;
export const end = (id: string) => `END RequestId: ${id}`;
export const report = (id: string, more = '') =>
  `REPORT RequestId: ${id}\tDuration: 812.37 ms\tBilled Duration: 1127 ms\tMemory Size: 512 MB\tMax Memory Used: 131 MB\t${more}`;
export const INIT = 'Init Duration: 313.61 ms\t';
export const XRAY =
  '\nXRAY TraceId: 1-6741a2b3-0123456789abcdef01234567\tSegmentId: 0123456789abcdef\tSampled: true\t';

/** A line of the resize function, as the text format has it. */
export const said = (ms: number, id: string, fields: object) =>
  `${at(ms).toISOString()}\t${id}\tINFO\t${JSON.stringify({ level: 'info', ...fields })}`;

export const started = { bucket: 'photos', key: 'in/my cat.jpg', outcome: 'started', eTag: 'e1' };
export const resized = {
  ...{ bucket: 'photos', key: 'in/my cat.jpg', outcome: 'resized' },
  message: 'Resized in/my cat.jpg',
  outputs: [
    { bucket: 'photos-resized', key: 'resized-in/my cat.jpg', width: 200, height: 133, bytes: 71 },
  ],
};

/** The same invocation in Lambda's JSON log format; the function's own line is a text there. */
export function jsonLog(id: string, fields: object): LogLine[] {
  const event = (ms: number, type: string, record: object) =>
    line(ms, JSON.stringify({ time: at(ms).toISOString(), type, record }));
  const own = { timestamp: at(900).toISOString(), level: 'INFO', requestId: id };
  return [
    event(0, 'platform.initStart', {
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: 'nodejs:24.v12',
      runtimeVersionArn: ARN,
      functionName: 'resize',
      functionVersion: '$LATEST',
    }),
    event(320, 'platform.start', { requestId: id, version: '$LATEST' }),
    line(900, JSON.stringify({ ...own, message: JSON.stringify({ level: 'info', ...fields }) })),
    event(1132, 'platform.report', {
      requestId: id,
      metrics: {
        durationMs: 812.371,
        billedDurationMs: 1127,
        memorySizeMB: 512,
        maxMemoryUsedMB: 131,
        initDurationMs: 313.608,
      },
      tracing: {
        spanId: '0123456789abcdef',
        type: 'X-Amzn-Trace-Id',
        value: 'Root=1-6741a2b3-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1',
      },
      status: 'success',
    }),
  ];
}
