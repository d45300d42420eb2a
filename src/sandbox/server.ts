import { Credentials } from './auth/credentials.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { cloudtrailService } from './cloudtrail/cloudtrailService.ts';
import { EventHistory } from './cloudtrail/eventHistory.ts';
import { cloudwatchService } from './cloudwatch/cloudwatchService.ts';
import { MetricStore } from './cloudwatch/metricStore.ts';
import { loadConfig, removeEndpointInfo, saveConfig, writeEndpointInfo } from './config.ts';
import type { SandboxConfig } from './config.ts';
import { folderFault } from './dataFolderError.ts';
import { closeServer, createHttpServer, listen } from './httpServer.ts';
import { iamService } from './iam/iamService.ts';
import { RoleTable } from './iam/roleTable.ts';
import { AwsFront } from './likeAws/awsFront.ts';
import { Certificates } from './likeAws/certificates.ts';
import { likeAwsRules } from './likeAws/likeAws.ts';
import { FaultFile } from './requestedFaults/faultFile.ts';
import { FaultPlan } from './requestedFaults/faultPlan.ts';
import { LambdaEngine } from './lambda/lambdaEngine.ts';
import { lambdaService } from './lambda/lambdaService.ts';
import { LAB_NUMBER, seedLab } from './lab/seedLab.ts';
import { LogStore } from './logs/logStore.ts';
import { logsService } from './logs/logsService.ts';
import { sandboxUser } from './principal.ts';
import { otherServices } from './otherServices.ts';
import { REGION } from './region.ts';
import { JobEngine } from './s3control/jobEngine.ts';
import { EventDelivery } from './s3/notifications/eventDelivery.ts';
import { RestoreKeeper } from './s3/restore/restoreKeeper.ts';
import { S3Store } from './s3/store/s3Store.ts';
import { objectAccess } from './s3/objectAccess.ts';
import type { ObjectAccess } from './s3/objectAccess.ts';
import { s3ControlService } from './s3control/s3ControlService.ts';
import { s3Service } from './s3/s3Service.ts';
import type { ServiceName } from './requestedFaults/faultRule.ts';
import type { ServiceAdapter } from './serviceAdapter.ts';
import { stsService } from './sts/stsService.ts';
import { SpaceKeeper } from './spaceKeeper.ts';
import { Store } from './store.ts';

export interface SandboxOptions {
  /** Everything the sandbox knows is here; made when it is missing. */
  readonly dataDir: string;
  /** 0 or nothing: the port of the last start if it is free, else any. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Milliseconds that every task of a batch job waits first, so that a job can be watched. */
  readonly taskDelay?: number;
  /**
   * Bytes after which a report of a batch job continues in another file; 16 MiB when it is missing.
   */
  readonly reportFileSize?: number;
  /** Milliseconds that restores of archived objects take; AWS's minutes to days when it is missing. */
  readonly restoreTime?: number;
  /** Makes the lab's buckets, objects and roles: true, or the number that their names end in. */
  readonly seed?: boolean | string;
  /**
   * As slow and far as AWS, so many times faster: roles, functions, events, reports and metrics are late,
   * and the sandbox is reached by AWS's own host names too, as an HTTPS proxy.
   */
  readonly likeAws?: number;
  readonly log?: (line: string) => void;
}

/** All that is built, of which each folder's context is a part. Nobody but builders may take it whole. */
export interface SandboxContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly credentials: Credentials;
  readonly iam: RoleTable;
  readonly metrics: MetricStore;
  readonly logs: LogStore;
  readonly trail: EventHistory;
  readonly s3: S3Store;
  readonly objects: ObjectAccess;
  readonly lambda: LambdaEngine;
  /** Where S3's events go, and what jobs call. */
  readonly events: LambdaEngine;
  readonly functions: LambdaEngine;
  readonly jobs: JobEngine;
  readonly faults: FaultPlan;
  readonly log: (line: string) => void;
}

export interface Sandbox {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whom clients must trust that come by AWS's host names: a certificate in PEM. */
  readonly authority?: string;
  readonly services: SandboxContext;
  /** Ends open connections and lets the data folder go. */
  close(): Promise<void>;
}

/**
 * Starts the sandbox on 127.0.0.1.
 * @throws DataFolderError when the folder can't be used, and whatever the system says of the port and the
 * disk; everything that was opened is closed then.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const opened = new Opened();
  try {
    return await open(options, opened);
  } catch (error) {
    await opened.close();
    throw folderFault(error, options.dataDir);
  }
}

/** What has to be closed again, the last opened first. */
class Opened {
  private readonly closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.closers.unshift(close);
  }

  /** Closes everything, also after one that fails; throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.closers.splice(0)) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

async function open(options: SandboxOptions, opened: Opened): Promise<Sandbox> {
  const { dataDir, log = () => undefined } = options;
  const store = new Store(dataDir, log);
  opened.add(() => store.close());
  const space = new SpaceKeeper(store, log);
  opened.add(() => space.stop());
  const config = loadConfig(dataDir);
  const services = buildServices(options, store, config, log);
  const { seed } = options;
  if (seed) await seedLab(services, seed === true ? LAB_NUMBER : seed);
  const s3 = s3Service(services);
  const listed = listServices(services, s3);
  const server = createHttpServer({
    ...services,
    services: listed,
    fallback: s3,
  });
  const certificates = options.likeAws === undefined ? undefined : new Certificates();
  const front = certificates && new AwsFront(server, certificates);
  const port = await listen(server, options.port ?? 0, config.port);
  const { jobs, lambda } = services;
  const events = new EventDelivery(services);
  const restores = new RestoreKeeper(services);
  opened.add(async () => {
    events.stop();
    front?.close();
    await Promise.all([closeServer(server), jobs.stop(), lambda.stop(), restores.stop()]);
  });
  if (port !== config.port) saveConfig(dataDir, { ...config, port });
  const { accountId, accessKeyId, secretAccessKey } = config;
  const endpoint = `http://127.0.0.1:${port}`;
  const shown = { endpoint, region: REGION, accountId, accessKeyId, secretAccessKey };
  lambda.start(endpoint);
  jobs.start();
  events.start();
  restores.start();
  space.start();
  // Last, so that who finds it finds a sandbox that runs.
  const faultFile = new FaultFile(dataDir, services.faults, operationsOf(listed), log);
  const writeInfo = (): void =>
    writeEndpointInfo(dataDir, { ...shown, pid: process.pid, faults: faultFile.state });
  faultFile.start(writeInfo);
  writeInfo();
  opened.add(() => {
    faultFile.stop();
    removeEndpointInfo(dataDir);
  });
  const authority = certificates?.authority;
  return { ...shown, authority, services, close: () => opened.close() };
}

function operationsOf(
  services: readonly ServiceAdapter[],
): (name: ServiceName) => readonly string[] {
  return name => services.find(service => service.name === name)?.operations ?? [];
}

/** In the order in which they are asked; S3 comes last because it takes every path. */
function listServices(services: SandboxContext, s3: ServiceAdapter): readonly ServiceAdapter[] {
  return [
    stsService(services),
    iamService(services),
    cloudwatchService(services),
    cloudtrailService(services),
    lambdaService(services),
    logsService(services),
    otherServices,
    s3ControlService(services),
    s3,
  ];
}

type BuildOptions = Pick<
  SandboxOptions,
  'clock' | 'taskDelay' | 'reportFileSize' | 'restoreTime' | 'likeAws'
>;

/** Builds what keeps and runs things, none of which has begun yet. */
export function buildServices(
  { clock = systemClock, taskDelay, reportFileSize, restoreTime, likeAws }: BuildOptions,
  store: Store,
  { accountId, accessKeyId, secretAccessKey }: Omit<SandboxConfig, 'port'>,
  log: (line: string) => void,
): SandboxContext {
  const credentials = new Credentials(store, clock, {
    accessKeyId,
    key: { secretAccessKey, principal: sandboxUser(accountId) },
  });
  const faults = new FaultPlan(clock, likeAws === undefined ? [] : likeAwsRules(likeAws));
  const iam = new RoleTable(store, created => {
    const delay = faults.roleDelay;
    return delay > 0 && clock.now().getTime() < created.getTime() + delay;
  });
  const base = { accountId, clock, store, credentials, iam, faults, log };
  const metrics = new MetricStore(store, clock, () => faults.metricDelay);
  const logs = new LogStore(store, clock);
  const trail = new EventHistory(store, clock);
  const lambda = new LambdaEngine({ ...base, metrics, logs });
  const lateEvents = { elapsed: () => clock.elapsed(), delay: () => faults.eventDelay };
  const s3 = { ...base, s3: new S3Store(store, restoreTime, lateEvents), events: lambda };
  const objects = objectAccess(s3);
  const jobs = new JobEngine(
    { ...base, objects, functions: lambda },
    { taskDelay, reportFileSize },
  );
  return { ...s3, metrics, logs, trail, objects, lambda, functions: lambda, jobs };
}
