// Rehearsals: what the extension does when the sandbox is asked to fail as AWS does.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJobOfNewRole } from '../../src/aws/batchJobs/createJobOfNewRole.ts';
import { describeJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { startDeploymentWorld } from './deploymentWorld.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** No role can be assumed, until the faults are changed. */
const LATE_ROLE = { fault: 'lateRole', seconds: 3600 } as const;

let sandbox: SandboxClients;
beforeEach(async () => {
  sandbox = await startSandboxClients();
});
afterEach(() => sandbox.close());

async function jobWithNewRole(options: { signal?: AbortSignal; onRoleWait: () => void }) {
  const { clients } = sandbox;
  const bucket = await sandbox.bucket();
  await writeObject(clients.s3(), { bucket, key: 'one', body: 'x' });
  const at = { bucket, key: 'manifest.csv' };
  await writeObject(clients.s3(), { ...at, body: `${bucket},one\n` });
  const manifest = await readManifest(clients.s3(), at);
  const operation = { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] } as const;
  const policy = batchRolePolicy({
    partition: 'aws',
    operation: { name: operation.name, targets: [{ bucket }] },
    manifest: at,
  });
  const { arn: roleArn } = await createBatchRole(clients, { name: 'new', policy });
  const clientRequestToken = randomUUID();
  const input = { manifest, operation, roleArn, priority: 10, clientRequestToken };
  return await createJobOfNewRole(clients, input, { ...options, roleIsNew: true });
}

it('makes a batch job again until S3 can assume its new role', async () => {
  const { faults } = sandbox.sandbox.services;
  faults.set({ seed: 1, rules: [LATE_ROLE] });
  let waits = 0;
  const created = await jobWithNewRole({
    onRoleWait: () => {
      waits += 1;
      faults.set({ seed: 1, rules: [] });
    },
  });
  expect(waits).toBeGreaterThan(0);
  const job = await describeJob(sandbox.clients, created);
  expect([job.status, job.failureReasons]).toEqual(['Suspended', []]);
});

it('deploys a function whose new role Lambda cannot assume yet', async () => {
  const world = await startDeploymentWorld({ settles: true });
  const { faults } = world.sandbox.services;
  faults.set({ seed: 1, rules: [LATE_ROLE] });
  const plan = await planDeployment(world.clients, await world.target());
  const states: string[] = [];
  await applyDeployment(world.clients, plan, {
    onProgress: ({ state }) => {
      states.push(state);
      if (state === 'waitingForRole') faults.set({ seed: 1, rules: [] });
    },
  });
  expect(states).toContain('waitingForRole');
  await world.close();
});

it('waits no longer when that is cancelled', async () => {
  sandbox.sandbox.services.faults.set({ seed: 1, rules: [LATE_ROLE] });
  const controller = new AbortController();
  const { signal } = controller;
  const made = jobWithNewRole({ signal, onRoleWait: () => controller.abort() });
  await expect(made).rejects.toMatchObject({ code: 'Cancelled' });
});

it('gets through when S3 throttles some of its requests', async () => {
  const { clients } = sandbox;
  const bucket = await sandbox.bucket();
  const at = { bucket, key: 'one' };
  await writeObject(clients.s3(), { ...at, body: 'x' });
  const rule = { fault: 'SlowDown', where: 'requests', service: 's3', times: 1 } as const;
  sandbox.sandbox.services.faults.set({ seed: 1, rules: [rule] });
  const tags = [{ key: 'a', value: 'b' }];
  await putObjectTags(clients.s3(), { ...at, tags });
  expect(await getObjectTags(clients.s3(), at)).toEqual(tags);
});
