import { createHash } from 'node:crypto';
import { REGION } from '../../region.ts';
import type { Runtime } from '../lambdaFunction.ts';

/** What Lambda measured of an invocation. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySize: number;
  /** MB. */
  readonly maxMemoryUsed: number;
  /** Only of the invocation that started the environment. */
  readonly initMs: number | undefined;
  readonly status: 'success' | 'error' | 'timeout';
  readonly errorType: string | undefined;
}

export interface InitReport {
  readonly durationMs: number;
  readonly phase: 'init' | 'invoke';
  readonly status: 'error' | 'timeout';
  readonly errorType: string | undefined;
}

/** The lines that Lambda itself writes to a function's log (Lambda developer guide, "Log format"). */
export interface PlatformLines {
  initStart(runtime: Runtime, version: string): string;
  initReport(report: InitReport): string;
  start(requestId: string, version: string): string;
  end(requestId: string): string | undefined;
  report(report: Report): string;
}

export function runtimeArn(runtime: Runtime): string {
  const id = createHash('sha256').update(runtime).digest('hex');
  return `arn:aws:lambda:${REGION}::runtime:${id}`;
}

export function runtimeVersion(runtime: Runtime): string {
  return `nodejs:${/\d+/.exec(runtime)?.[0] ?? ''}.v1`;
}

const milliseconds = (value: number): string => value.toFixed(2);

/** The status fields, which only trouble has. */
function trouble(status: string, errorType: string | undefined): string {
  if (status === 'success') return '';
  return `Status: ${status}\t${errorType === undefined ? '' : `Error Type: ${errorType}\t`}`;
}

export const textLines: PlatformLines = {
  initStart: runtime =>
    `INIT_START Runtime Version: ${runtimeVersion(runtime)}\tRuntime Version ARN: ${runtimeArn(runtime)}`,
  initReport: ({ durationMs, phase, status, errorType }) =>
    `INIT_REPORT Init Duration: ${milliseconds(durationMs)} ms\tPhase: ${phase}\t${trouble(status, errorType)}`,
  start: (requestId, version) => `START RequestId: ${requestId} Version: ${version}`,
  end: requestId => `END RequestId: ${requestId}`,
  report: report =>
    `REPORT RequestId: ${report.requestId}\t` +
    `Duration: ${milliseconds(report.durationMs)} ms\t` +
    `Billed Duration: ${billed(report)} ms\t` +
    `Memory Size: ${report.memorySize} MB\t` +
    `Max Memory Used: ${report.maxMemoryUsed} MB\t` +
    (report.initMs === undefined ? '' : `Init Duration: ${milliseconds(report.initMs)} ms\t`) +
    trouble(report.status, report.errorType),
};

/** Since August 2025 the initialization is billed too. */
function billed({ durationMs, initMs = 0 }: Report): number {
  return Math.ceil(durationMs + initMs);
}

export const jsonLines: PlatformLines = {
  initStart: (runtime, functionVersion) =>
    event('platform.initStart', {
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: runtimeVersion(runtime),
      runtimeVersionArn: runtimeArn(runtime),
      functionVersion,
    }),
  initReport: ({ durationMs, phase, status, errorType }) =>
    event('platform.initReport', {
      initializationType: 'on-demand',
      phase,
      status,
      errorType,
      metrics: { durationMs: rounded(durationMs) },
    }),
  start: (requestId, version) => event('platform.start', { requestId, version }),
  // platform.runtimeDone has no place in the log unless the system log level is DEBUG.
  end: () => undefined,
  report: report =>
    event('platform.report', {
      requestId: report.requestId,
      metrics: {
        durationMs: rounded(report.durationMs),
        billedDurationMs: billed(report),
        memorySizeMB: report.memorySize,
        maxMemoryUsedMB: report.maxMemoryUsed,
        initDurationMs: report.initMs === undefined ? undefined : rounded(report.initMs),
      },
      status: report.status,
      errorType: report.errorType,
    }),
};

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function event(type: string, record: object): string {
  return JSON.stringify({ time: new Date().toISOString(), type, record });
}
