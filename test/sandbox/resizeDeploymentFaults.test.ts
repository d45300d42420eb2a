import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import {
  codeOf,
  startDeploymentWorld,
  withEventBridge,
  zipOf,
  type DeploymentWorld,
} from './deploymentWorld.ts';

/**
 * Whatever keeps a deployment from being finished, the state afterwards is the state before.
 */
let world: DeploymentWorld;
let target: DeploymentTarget;

beforeAll(async () => {
  world = await startDeploymentWorld({ settles: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.hook = (_, send) => send();
  target = await world.target();
  await withEventBridge(world.clients, target.bucket);
});

const WRITES = [
  'CreateBucketCommand',
  'PutBucketTaggingCommand',
  'CreateRoleCommand',
  'PutRolePolicyCommand',
  'CreateFunctionCommand',
  'AddPermissionCommand',
  'PutBucketNotificationConfigurationCommand',
];
const CHANGES = [
  'PutRolePolicyCommand',
  'UpdateFunctionCodeCommand',
  'UpdateFunctionConfigurationCommand',
  'PutBucketNotificationConfigurationCommand',
];

/** Does something at the first request of a name, and lets all others through. */
function atFirst(command: string, act: (send: () => Promise<unknown>) => Promise<unknown>): void {
  let done = false;
  world.hook = (name, send) => {
    if (name !== command || done) return send();
    done = true;
    return act(send);
  };
}

function refused(): Promise<never> {
  const error = Object.assign(new Error('User: u is not authorized to perform: it:Is'), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 403, attempts: 1 },
  });
  return Promise.reject(error);
}

/** The answer is lost, but the request was carried out. */
async function lost(send: () => Promise<unknown>): Promise<never> {
  await send();
  throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

async function changedTarget(): Promise<DeploymentTarget> {
  const bytes = await zipOf('export const handler = async () => "new";\n');
  const settings = { ...DEFAULT_SETTINGS, keepTags: true };
  return { ...target, code: codeOf(bytes), settings, suffixes: ['.png', '.webp'] };
}

describe.each([
  ['made', WRITES, () => Promise.resolve(target)] as const,
  ['changed', CHANGES, deployedAndChanged] as const,
])('a deployment that is %s', (_, commands, prepare) => {
  describe.each(commands)('and meets %s', command => {
    it.each([
      ['refused', 'AccessDenied', refused, command !== commands[0]],
      ['unanswered', 'Network', lost, true],
    ] as const)('%s is undone, which is said if there was anything', async (...row) => {
      const [, code, act, wasDone] = row;
      const wanted = await prepare();
      const before = await world.state(wanted);
      const plan = await planDeployment(world.clients, wanted);
      atFirst(command, act);
      const states: string[] = [];
      const onProgress = ({ state }: { state: string }): void => void states.push(state);
      const applied = applyDeployment(world.clients, plan, { onProgress });
      await expect(applied).rejects.toMatchObject({ code });
      expect(states.includes('undone')).toBe(wasDone);
      expect(await world.state(wanted)).toEqual(before);
    });

    it.each([
      ['before it is sent', false],
      ['when it is carried out', true],
    ] as const)('cancelled %s is undone', async (_when, carriedOut) => {
      const wanted = await prepare();
      const before = await world.state(wanted);
      const plan = await planDeployment(world.clients, wanted);
      const controller = new AbortController();
      atFirst(command, async send => {
        if (carriedOut) await send();
        controller.abort();
        return await send();
      });
      const { signal } = controller;
      const applied = applyDeployment(world.clients, plan, { signal });
      await expect(applied).rejects.toMatchObject({ code: 'Cancelled' });
      expect(await world.state(wanted)).toEqual(before);
    });
  });
});

async function deployedAndChanged(): Promise<DeploymentTarget> {
  const plan = await planDeployment(world.clients, target);
  await applyDeployment(world.clients, plan);
  return changedTarget();
}

describe('what cannot be undone', () => {
  it('is named', async () => {
    const plan = await planDeployment(world.clients, target);
    world.hook = (name, send) =>
      name === 'AddPermissionCommand' || name === 'DeleteRoleCommand' ? refused() : send();
    await expect(applyDeployment(world.clients, plan)).rejects.toMatchObject({
      code: 'UndoIncomplete',
      left: [expect.stringMatching(/^role resize-role-\d+ \(/)],
      cause: { code: 'AccessDenied', action: 'it:Is' },
    });
  });

  it('is a bucket that someone put an object into', async () => {
    const plan = await planDeployment(world.clients, target);
    atFirst('AddPermissionCommand', async () => {
      const at = { bucket: target.destinationBucket, key: 'theirs' };
      await writeObject(world.clients.s3(), { ...at, body: 'x' });
      return refused();
    });
    await expect(applyDeployment(world.clients, plan)).rejects.toMatchObject({
      code: 'UndoIncomplete',
      left: [`s3://${target.destinationBucket}/`],
    });
  });
});

describe('someone else', () => {
  it('who changes the notifications between read and write loses nothing', async () => {
    const plan = await planDeployment(world.clients, target);
    let reads = 0;
    world.hook = async (name, send) => {
      const answer = await send();
      if (name === 'GetBucketNotificationConfigurationCommand' && ++reads === 2) {
        const { PutBucketNotificationConfigurationCommand } = await import('@aws-sdk/client-s3');
        const change = { Bucket: target.bucket, NotificationConfiguration: {} };
        await world.clients.s3().send(new PutBucketNotificationConfigurationCommand(change));
      }
      return answer;
    };
    await applyDeployment(world.clients, plan);
    const state = (await world.state(target)) as { notifications: object };
    expect(state.notifications).not.toHaveProperty('EventBridgeConfiguration');
    expect(state.notifications).toMatchObject({ LambdaFunctionConfigurations: [{}, {}] });
  });

  it('who made the function first keeps it', async () => {
    const plan = await planDeployment(world.clients, target);
    atFirst('CreateFunctionCommand', async send => {
      await send();
      return send();
    });
    const applied = applyDeployment(world.clients, plan);
    await expect(applied).rejects.toMatchObject({ code: 'Conflict' });
    const state = (await world.state(target)) as { function: unknown; role: unknown };
    expect(state.function).toBeDefined();
    expect(state.role).toBeUndefined();
  });

  it('who changed what the plan says is told, and nothing is done', async () => {
    const wanted = await deployedAndChanged();
    const plan = await planDeployment(world.clients, wanted);
    const other = { ...target, memoryMegabytes: 2048, settings: DEFAULT_SETTINGS };
    await applyDeployment(world.clients, await planDeployment(world.clients, other));
    const before = await world.state(wanted);
    const applied = applyDeployment(world.clients, plan);
    await expect(applied).rejects.toMatchObject({ code: 'Conflict', subject: target.functionName });
    expect(await world.state(wanted)).toEqual(before);
  });
});

describe('a new role', () => {
  const notYet = (): Promise<never> => {
    const message = 'The role defined for the function cannot be assumed by Lambda.';
    const $metadata = { httpStatusCode: 400, attempts: 1 };
    const error = new Error(message);
    return Promise.reject(
      Object.assign(error, { name: 'InvalidParameterValueException', $metadata }),
    );
  };

  it('is waited for until Lambda can assume it', async () => {
    const plan = await planDeployment(world.clients, target);
    let refusals = 0;
    world.hook = (name, send) =>
      name === 'CreateFunctionCommand' && refusals++ < 2 ? notYet() : send();
    const states: string[] = [];
    const onProgress = ({ state }: { state: string }): void => void states.push(state);
    await applyDeployment(world.clients, plan, { onProgress });
    expect(states.filter(state => state === 'waitingForRole')).toHaveLength(2);
  });

  it('is not waited for when that is cancelled', async () => {
    const before = await world.state(target);
    const plan = await planDeployment(world.clients, target);
    world.hook = (name, send) => (name === 'CreateFunctionCommand' ? notYet() : send());
    const controller = new AbortController();
    const { signal } = controller;
    const applied = applyDeployment(world.clients, plan, {
      signal,
      onProgress: ({ state }) => {
        if (state === 'waitingForRole') void delay(100).then(() => controller.abort());
      },
    });
    await expect(applied).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await world.state(target)).toEqual(before);
  });
});
