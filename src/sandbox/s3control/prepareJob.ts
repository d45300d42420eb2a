import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JobContext } from './jobContext.ts';
import { finishJob } from './finishJob.ts';
import { generateTasks, writeGeneratedManifest } from './manifests/generatedManifest.ts';
import type { GeneratedManifest, Job } from './job.ts';
import { JobFailure, invalidManifest } from './jobFailure.ts';
import { TASK_FILE, jobFolder } from './jobFolder.ts';
import { assumeJobRole } from './jobRole.ts';
import { manifestTasks } from './manifests/manifestTasks.ts';
import { writeTaskFile } from './manifests/task.ts';

const NO_KEYS = 'Manifest generation found no keys matching the filter criteria';

/**
 * Reads a new job's manifest, counts its tasks and lets it wait for confirmation or for its turn. A job
 * that was killed while it was prepared is prepared again from the start.
 */
export async function prepareJob(context: JobContext, { id }: Job): Promise<void> {
  const { table } = context.jobs;
  table.update(id, { status: 'Preparing' });
  const job = table.find(id);
  if (job === undefined) return;
  const wanted = (): boolean => table.find(id)?.status === 'Preparing' && !context.jobs.stopping;
  try {
    const total = await countTasks(context, job, wanted);
    if (!wanted()) return;
    if (!total)
      throw invalidManifest(job.definition.generator ? NO_KEYS : 'Invalid Manifest Content');
    const generatedManifest = await keepManifest(context, job);
    if (!wanted()) return;
    const waits = job.definition.confirmationRequired;
    table.update(id, {
      total,
      generatedManifest,
      status: waits ? 'Suspended' : 'Ready',
      suspended: waits ? context.clock.now() : undefined,
    });
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    if (!wanted()) return;
    const { code, reason } = error;
    table.update(id, { status: 'Failing', failureReasons: [{ code, reason }] });
    await finishJob(context, id);
  }
}

function countTasks(
  context: JobContext,
  job: Job,
  wanted: () => boolean,
): Promise<number | undefined> {
  const role = assumeJobRole(context, job);
  const folder = jobFolder(context.store, job.id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { manifest, generator } = job.definition;
  const tasks =
    generator === undefined
      ? manifestTasks(context, role, manifest)
      : generateTasks(context, role, generator);
  return writeTaskFile(join(folder, TASK_FILE), tasks, wanted);
}

/** Writes the manifest that was made of a bucket to where the job wants it, if anywhere. */
async function keepManifest(context: JobContext, job: Job): Promise<GeneratedManifest | undefined> {
  const { generator } = job.definition;
  if (!generator?.enableOutput || generator.output === undefined) return undefined;
  const role = assumeJobRole(context, job);
  const file = createReadStream(join(jobFolder(context.store, job.id), TASK_FILE));
  const place = { generator, output: generator.output };
  return writeGeneratedManifest(context, role, job, place, createInterface({ input: file }));
}
