import { Credentials } from './auth/credentials.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { EventHistory } from './cloudtrail/eventHistory.ts';
import { MetricStore } from './cloudwatch/metricStore.ts';
import { loadConfig, removeEndpointInfo, saveConfig, writeEndpointInfo } from './config.ts';
import type { SandboxConfig } from './config.ts';
import { folderFault } from './dataFolderError.ts';
import { closeServer, createHttpServer, listen } from './httpServer.ts';
import { RoleTable } from './iam/roleTable.ts';
import { LambdaEngine } from './lambda/lambdaEngine.ts';
import { LAB_NUMBER, seedLab } from './lab/seedLab.ts';
import { LogStore } from './logs/logStore.ts';
import { sandboxUser } from './principal.ts';
import { REGION } from './region.ts';
import { JobEngine } from './s3control/jobEngine.ts';
import { EventDelivery } from './s3/notifications/eventDelivery.ts';
import { RestoreKeeper } from './s3/restore/restoreKeeper.ts';
import { S3Store } from './s3/s3Store.ts';
import type { Services } from './sandboxServices.ts';
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
  /** Milliseconds that restores of archived objects take; AWS's minutes to days when it is missing. */
  readonly restoreTime?: number;
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
  const services = createServices(options, store, config, log);
  const { seed } = options;
  if (seed) await seedLab(services, seed === true ? LAB_NUMBER : seed);
  const server = createHttpServer(services);
  const port = await listen(server, options.port ?? 0, config.port);
  const { jobs, lambda } = services;
  const events = new EventDelivery(services);
  const restores = new RestoreKeeper(services);
  opened.add(async () => {
    events.stop();
    await Promise.all([closeServer(server), jobs.stop(), lambda.stop(), restores.stop()]);
  });
  if (port !== config.port) saveConfig(dataDir, { ...config, port });
  const { accountId, accessKeyId, secretAccessKey } = config;
  const endpoint = `http://127.0.0.1:${port}`;
  const shown = { endpoint, region: REGION, accountId, accessKeyId, secretAccessKey };
  lambda.start(services, endpoint);
  jobs.start(services);
  events.start();
  restores.start();
  space.start();
  // Last, so that who finds it finds a sandbox that runs.
  writeEndpointInfo(dataDir, { ...shown, pid: process.pid });
  opened.add(() => removeEndpointInfo(dataDir));
  return { ...shown, services, close: () => opened.close() };
}

function createServices(
  { clock = systemClock, taskDelay, restoreTime }: SandboxOptions,
  store: Store,
  { accountId, accessKeyId, secretAccessKey }: SandboxConfig,
  log: (line: string) => void,
): Services {
  const credentials = new Credentials(store, clock, {
    accessKeyId,
    key: { secretAccessKey, principal: sandboxUser(accountId) },
  });
  return {
    accountId,
    clock,
    store,
    credentials,
    s3: new S3Store(store, restoreTime),
    iam: new RoleTable(store),
    jobs: new JobEngine(store, taskDelay),
    lambda: new LambdaEngine(store),
    metrics: new MetricStore(store, clock),
    logs: new LogStore(store, clock),
    trail: new EventHistory(store, clock),
    log,
  };
}
