import { createJob } from './acting/createJob.ts';
import { deployResize } from './acting/deployResize.ts';
import { invokeResize } from './acting/invokeResize.ts';
import { runJob } from './acting/runJob.ts';
import { tagObject } from './acting/tagObject.ts';
import { listBuckets, listNotifications, listObjects, readTags } from './reading/buckets.ts';
import { readFailures, readMetrics } from './reading/functions.ts';
import { checkManifest, listJobs, preflightJob, readJob, summarizeReport } from './reading/jobs.ts';
import type { Tool } from './tool.ts';

/** Every tool by its name in package.json, which describes it and its input. None deletes anything. */
export const TOOLS: Readonly<Record<string, Tool>> = {
  bucketBrigade_listBuckets: listBuckets,
  bucketBrigade_listObjects: listObjects,
  bucketBrigade_readTags: readTags,
  bucketBrigade_listNotifications: listNotifications,
  bucketBrigade_listJobs: listJobs,
  bucketBrigade_readJob: readJob,
  bucketBrigade_summarizeReport: summarizeReport,
  bucketBrigade_checkManifest: checkManifest,
  bucketBrigade_preflightJob: preflightJob,
  bucketBrigade_readMetrics: readMetrics,
  bucketBrigade_readFailures: readFailures,
  bucketBrigade_createJob: createJob,
  bucketBrigade_runJob: runJob,
  bucketBrigade_tagObject: tagObject,
  bucketBrigade_deployResize: deployResize,
  bucketBrigade_invokeResize: invokeResize,
};
