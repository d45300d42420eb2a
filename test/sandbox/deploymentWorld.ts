import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { ZipFile } from 'yazl';
import { findBucket, getBucketTags } from '../../src/aws/objects/buckets.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import { readPolicy } from '../../src/aws/functions/functionPolicy.ts';
import { getFunction } from '../../src/aws/functions/functions.ts';
import { readNotifications } from '../../src/aws/notifications/notifications.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import { getRole, getRolePolicy } from '../../src/aws/roles/roleDetails.ts';
import { systemClock } from '../../src/sandbox/clock.ts';
import { SETTLE_MS } from '../../src/sandbox/lambda/lambdaFunction.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** What stands between the extension's clients and the sandbox. */
export type Hook = (request: string, send: () => Promise<unknown>) => Promise<unknown>;

export interface DeploymentWorld extends SandboxClients {
  /** Called for every request of the clients with its name (`CreateBucketCommand`). */
  hook: Hook;
  /** A deployment of a new bucket under new names. */
  target(change?: Partial<DeploymentTarget>): Promise<DeploymentTarget>;
  /** All that a deployment could touch, as the sandbox tells it. */
  state(target: DeploymentTarget): Promise<unknown>;
}

/** A zip with a handler that answers its environment. */
export async function zipOf(source: string): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(source), 'index.mjs', { mtime: new Date(0) });
  zip.end();
  return await buffer(zip.outputStream);
}

export const HANDLER = 'export const handler = async () => ({ ...process.env });\n';

export function codeOf(bytes: Uint8Array) {
  const sha256 = createHash('sha256').update(bytes).digest('base64');
  return { kind: 'zipFile' as const, bytes, sha256 };
}

/**
 * @param settles whether changes of functions are in use at once: time jumps ahead after each
 */
export async function startDeploymentWorld({ settles = false } = {}): Promise<DeploymentWorld> {
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const sandbox = await startSandboxClients({ clock: { ...systemClock, now } });
  const { clients } = sandbox;
  const bytes = await zipOf(HANDLER);
  let targets = 0;
  const world: DeploymentWorld = {
    ...sandbox,
    hook: (_, send) => send(),
    async target(change = {}) {
      targets += 1;
      const bucket = await sandbox.bucket();
      return {
        bucket,
        destinationBucket: `${bucket}-resized`,
        functionName: `resize-${targets}`,
        role: { name: `resize-role-${targets}` },
        code: codeOf(bytes),
        architecture: 'x86_64',
        memoryMegabytes: 512,
        timeoutSeconds: 30,
        settings: DEFAULT_SETTINGS,
        prefix: '',
        suffixes: ['.jpg', '.png'],
        ...change,
      };
    },
    state: target => stateOf(clients, target),
  };
  for (const client of [clients.s3(), clients.iam(), clients.lambda()]) {
    const stack = client.middlewareStack as unknown as MiddlewareStack;
    const middleware: Middleware =
      (next, { commandName = '' }) =>
      args =>
        world.hook(commandName, async () => {
          const answer = await next(args);
          if (settles && /^(Create|Update)Function/.test(commandName)) ahead += SETTLE_MS;
          return answer;
        });
    stack.add(middleware, { step: 'initialize', priority: 'high', name: 'testHook' });
  }
  return world;
}

type Middleware = (
  next: (args: unknown) => Promise<unknown>,
  context: { readonly commandName?: string },
) => (args: unknown) => Promise<unknown>;

interface MiddlewareStack {
  add(middleware: Middleware, options: object): void;
}

async function stateOf(clients: AwsClients, target: DeploymentTarget): Promise<unknown> {
  const { bucket, destinationBucket, functionName, role } = target;
  const name = 'name' in role ? role.name : (role.arn.split('/').at(-1) ?? '');
  const found = await absent(getFunction(clients, { functionName }));
  const own = await absent(getRole(clients, name));
  const destination = await findBucket(clients, destinationBucket);
  return {
    notifications: await readNotifications(clients, bucket),
    policy: (await readPolicy(clients, { functionName })).statements,
    function: found && {
      ...found,
      // These change with every write, also with one that puts back what was.
      codeLocation: undefined,
      revisionId: undefined,
      lastModified: undefined,
    },
    role: own && {
      ...own,
      policies: await absent(getRolePolicy(clients, { role: name, policy: 'BucketBrigadeResize' })),
    },
    destination: destination && (await getBucketTags(clients, destinationBucket)),
  };
}

async function absent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** Turns on EventBridge for a bucket: something of others that must survive. */
export async function withEventBridge(clients: AwsClients, bucket: string): Promise<void> {
  await clients.s3().send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
}
