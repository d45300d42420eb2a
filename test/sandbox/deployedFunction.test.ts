import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFunctionLogs } from '../../src/aws/functions/functionLogs.ts';
import { getFunction, listFunctions } from '../../src/aws/functions/functions.ts';
import { invokeFunction } from '../../src/aws/functions/invokeFunction.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { resizeObject } from '../../src/aws/resizeFunction/resizeObject.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import { deleteRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { readLabFunction } from '../../src/sandbox/lab/labFunction.ts';
import { codeOf, startDeploymentWorld, type DeploymentWorld } from './deploymentWorld.ts';

/** The very zip that is deployed to AWS, with the role and the settings of a deployment. */
let world: DeploymentWorld;
let target: DeploymentTarget;

beforeAll(async () => {
  world = await startDeploymentWorld();
  target = await world.target({
    code: codeOf(await readLabFunction()),
    memoryMegabytes: 1536,
    settings: { ...DEFAULT_SETTINGS, keyTemplate: 'small/{name}.{extension}', widths: [50] },
  });
  await applyDeployment(world.clients, await planDeployment(world.clients, target));
}, 120_000);
afterAll(() => world.close());

async function upload(key: string, body?: string): Promise<void> {
  const picture = sharp({ create: { width: 100, height: 80, channels: 3, background: '#369' } });
  const bytes = body ?? (await picture.png().toBuffer());
  await writeObject(world.clients.s3(), { bucket: target.bucket, key, body: bytes });
}

async function written(key: string): Promise<Uint8Array> {
  const bucket = target.destinationBucket;
  for (;;) {
    const { objects } = await listObjects(world.clients.s3(), { bucket, prefix: key });
    if (objects.length > 0) break;
    await delay(100);
  }
  return readObject(world.clients.s3(), { bucket, key, maxBytes: 1e6 });
}

describe('a deployed function', () => {
  it('resizes what is uploaded, by its settings and with its role', async () => {
    await upload('in/my photo+1 ü.png');
    const { width, height } = await sharp(await written('small/my photo+1 ü.png')).metadata();
    expect([width, height]).toEqual([50, 40]);
  });

  it('resizes one object that is there', async () => {
    await upload('there.PNG');
    const object = { bucket: target.bucket, key: 'there.PNG' };
    const { functionName } = target;
    const { result, logTail, requestId } = await resizeObject(world.clients, {
      functionName,
      object,
    });
    expect(result).toMatchObject({
      outcome: 'resized',
      outputs: [{ bucket: target.destinationBucket, key: 'small/there.PNG', width: 50 }],
    });
    expect(logTail).toContain(requestId);
  });

  it('says of an object that it can never resize why, and logs it', async () => {
    await upload('notes.txt', 'no picture');
    const { functionName } = target;
    const object = { bucket: target.bucket, key: 'notes.txt' };
    const { result, requestId } = await resizeObject(world.clients, { functionName, object });
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result.errorType).not.toBe('');
    const page = await readFunctionLogs(world.clients, { functionName, requestId });
    expect(page.nextToken).toBeUndefined();
    const messages = page.lines.map(({ message }) => message);
    expect(messages[0]).toMatch(/^START/);
    expect(messages.join('\n')).toContain('notes.txt');
    expect(messages.every(message => message.includes(requestId))).toBe(true);
  });

  it('is found in the list, and has logged nothing where it is none', async () => {
    const names = (await listFunctions(world.clients)).map(({ name }) => name);
    expect(names).toContain(target.functionName);
    const none = await readFunctionLogs(world.clients, { functionName: 'no-such-function' });
    expect(none).toEqual({ lines: [] });
    const gone = invokeFunction(world.clients, { functionName: 'no-such-function', payload: {} });
    await expect(gone).rejects.toMatchObject({ code: 'NotFound', subject: 'no-such-function' });
  });

  it('that is another kind of function is not taken for ours', async () => {
    const other = await world.target();
    await applyDeployment(world.clients, await planDeployment(world.clients, other));
    const { functionName } = other;
    const object = { bucket: other.bucket, key: 'k' };
    const resized = resizeObject(world.clients, { functionName, object });
    await expect(resized).rejects.toMatchObject({ code: 'FunctionFailed', subject: functionName });
  });

  it('without its role’s permissions fails, and says so', async () => {
    const role = 'name' in target.role ? target.role.name : '';
    await deleteRolePolicy(world.clients, { role, policy: 'BucketBrigadeResize' });
    const { functionName } = target;
    const object = { bucket: target.bucket, key: 'there.PNG' };
    const outcome = await resizeObject(world.clients, { functionName, object }).then(
      ({ result }) => `${result.errorType}: ${result.message}`,
      (error: unknown) => String(error),
    );
    expect(outcome).toMatch(/AccessDenied|not authorized|may not/i);
    const plan = await planDeployment(world.clients, target);
    expect(plan.steps.map(({ action }) => action)).toEqual([
      'keep',
      'change',
      'keep',
      'keep',
      'keep',
    ]);
    await applyDeployment(world.clients, plan);
    const { result } = await resizeObject(world.clients, { functionName, object });
    expect(result.outcome).toBe('resized');
    expect(await getFunction(world.clients, { functionName })).toMatchObject({ state: 'Active' });
  });
});
