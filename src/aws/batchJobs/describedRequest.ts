import type { CreateJobRequest, JobDescriptor } from '@aws-sdk/client-s3-control';

/** What CreateJob is asked, without what differs from one request for the same job to the next. */
export type JobRequest = Omit<CreateJobRequest, 'AccountId' | 'ClientRequestToken'>;

/**
 * What a job was asked to do, of what DescribeJob tells: what CreateJob takes under the same names.
 * Its tags are told by GetJobTagging only.
 */
export function describedRequest(job: JobDescriptor): JobRequest {
  const { Operation, Report, Priority, RoleArn, ConfirmationRequired } = job;
  const { Manifest, ManifestGenerator, Description } = job;
  return {
    Operation,
    ...(Manifest && { Manifest }),
    ...(ManifestGenerator && { ManifestGenerator }),
    Report: Report ?? { Enabled: false },
    Priority,
    RoleArn,
    ConfirmationRequired: ConfirmationRequired ?? true,
    ...(Description !== undefined && { Description }),
  };
}
