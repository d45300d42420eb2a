import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authenticate } from './auth/authenticate.ts';
import { Credentials } from './auth/credentials.ts';
import { checkOrigin } from './auth/originCheck.ts';
import { signingNameOf } from './auth/claim.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { cloudtrailService } from './cloudtrail/cloudtrailService.ts';
import { EventHistory } from './cloudtrail/eventHistory.ts';
import { recordCall } from './cloudtrail/recordCall.ts';
import { cloudwatchService } from './cloudwatch/cloudwatchService.ts';
import { MetricStore } from './cloudwatch/metricStore.ts';
import { loadConfig, removeEndpointInfo, saveConfig, writeEndpointInfo } from './config.ts';
import { AwsError, notImplemented, toAwsError } from './errors.ts';
import { iamService } from './iam/iamService.ts';
import { RoleTable } from './iam/roleTable.ts';
import { LambdaEngine } from './lambda/lambdaEngine.ts';
import { lambdaService } from './lambda/lambdaService.ts';
import { LAB_NUMBER, seedLab } from './lab/seedLab.ts';
import { LogStore } from './logs/logStore.ts';
import { logsService } from './logs/logsService.ts';
import { sandboxUser } from './principal.ts';
import { REGION } from './region.ts';
import { readRequest } from './request.ts';
import type { SandboxRequest, SandboxResponse } from './request.ts';
import { RequestBody } from './requestBody.ts';
import { sendResponse } from './response.ts';
import { JobEngine } from './s3control/jobEngine.ts';
import { s3ControlService } from './s3control/s3ControlService.ts';
import { EventDelivery } from './s3/notifications/eventDelivery.ts';
import { S3Store } from './s3/s3Store.ts';
import { s3Service } from './s3/s3Service.ts';
import type { Service } from './service.ts';
import type { Services } from './sandboxServices.ts';
import { Store } from './store.ts';
import { stsService } from './sts/stsService.ts';

export interface SandboxOptions {
  /** Everything the sandbox knows is here; made when it is missing. */
  readonly dataDir: string;
  /** 0 or nothing: the port of the last start if it is free, else any. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Milliseconds that every task of a batch job waits first, so that a job can be watched. */
  readonly taskDelay?: number;
  /** Makes the lab's buckets, objects and roles: true, or the number that their names end in. */
  readonly seed?: boolean | string;
  readonly log?: (line: string) => void;
}

export interface Sandbox {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly services: Services;
  /** Ends open connections and lets the data folder go. */
  close(): Promise<void>;
}

/** Asked in this order; S3 comes last because it takes every path. */
const SERVICES: readonly Service[] = [
  stsService,
  iamService,
  cloudwatchService,
  cloudtrailService,
  lambdaService,
  logsService,
  s3ControlService,
  s3Service,
];

/** Starts the sandbox on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, clock = systemClock, log = () => undefined } = options;
  const store = new Store(dataDir);
  try {
    const config = loadConfig(dataDir);
    const { accountId, accessKeyId, secretAccessKey } = config;
    const credentials = new Credentials(store, clock, {
      accessKeyId,
      key: { secretAccessKey, principal: sandboxUser(accountId) },
    });
    const s3 = new S3Store(store);
    const iam = new RoleTable(store);
    const jobs = new JobEngine(store, options.taskDelay);
    const lambda = new LambdaEngine(store);
    const services: Services = {
      accountId,
      clock,
      store,
      credentials,
      s3,
      iam,
      jobs,
      lambda,
      metrics: new MetricStore(store, clock),
      logs: new LogStore(store, clock),
      trail: new EventHistory(store, clock),
      log,
    };
    if (options.seed) await seedLab(services, options.seed === true ? LAB_NUMBER : options.seed);
    const server = createHttpServer(services);
    const port = await listen(server, options.port ?? 0, config.port);
    if (port !== config.port) saveConfig(dataDir, { ...config, port });
    const endpoint = `http://127.0.0.1:${port}`;
    const shown = { endpoint, region: REGION, accountId, accessKeyId, secretAccessKey };
    writeEndpointInfo(dataDir, { ...shown, pid: process.pid });
    lambda.start(services, endpoint);
    jobs.start(services);
    const events = new EventDelivery(services);
    events.start();
    const close = async (): Promise<void> => {
      events.stop();
      await Promise.all([closeServer(server), jobs.stop(), lambda.stop()]);
      removeEndpointInfo(dataDir);
      store.close();
    };
    return { ...shown, services, close };
  } catch (error) {
    store.close();
    throw error;
  }
}

function createHttpServer(services: Services): Server {
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    void answerOrCut(services, incoming, outgoing, false);
  };
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, listener);
  // Without this listener Node answers 100 at once, before the request is known to be good.
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    void answerOrCut(services, incoming, outgoing, true);
  });
  return server;
}

/** Whatever goes wrong with one request ends its connection, never the sandbox. */
async function answerOrCut(
  services: Services,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  try {
    await answer(services, incoming, outgoing, expectsContinue);
  } catch (error) {
    services.log(describe(error));
    outgoing.destroy();
  }
}

/** The pipeline of every request, in order. */
async function answer(
  services: Services,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const body = new RequestBody(incoming, () => {
    if (expectsContinue) outgoing.writeContinue();
  });
  const request = readRequest(incoming, body);
  let service: Service = s3Service;
  let response: SandboxResponse;
  try {
    const virtualBucket = checkOrigin(request);
    const found = findService(request);
    service = found;
    const call = await authenticate(services, request);
    response = await recordCall(services, call, virtualBucket, () =>
      found.handle(services, call, virtualBucket),
    );
  } catch (error) {
    const awsError = toAwsError(error);
    if (!(error instanceof AwsError)) services.log(describe(error));
    response = service.renderError(awsError, request);
  }
  await sendResponse(services, request, response, outgoing, body.unread && expectsContinue);
}

function findService(request: SandboxRequest): Service {
  const signingName = signingNameOf(request);
  const service = SERVICES.find(candidate => candidate.accepts(request, signingName));
  if (!service) throw notImplemented(signingName);
  return service;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function listen(server: Server, wanted: number, remembered = 0): Promise<number> {
  if (wanted === 0 && remembered !== 0) {
    try {
      return await listenOn(server, remembered);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return listenOn(server, wanted);
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const CLOSE_GRACE_MS = 2000;

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
