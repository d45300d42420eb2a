import { BrigadeError, isCancelled } from '../errors.ts';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { ManifestCheck } from '../manifestCheck/checkManifest.ts';
import type { Check, CheckId } from './check.ts';
import type { JobParts, JobRequest } from './jobParts.ts';

/** What checks have at hand. */
export interface Checking {
  readonly clients: AwsClients;
  readonly request: JobRequest;
  readonly parts: JobParts;
  readonly options: CallOptions;
  /** Who would create the job; undefined where that is unknown. */
  readonly callerArn: string | undefined;
}

/** What reading the manifest, or counting what S3 would find, has told. */
export interface Found {
  /** Whose objects the job goes over, most objects first; empty where nobody knows. */
  readonly targets: readonly Target[];
  /** Objects; undefined where they were not counted to their end. */
  readonly objects?: number;
  readonly manifest?: ManifestCheck;
}

export interface Target {
  readonly bucket: string;
  readonly prefix?: string;
}

/** The checks of one kind, or one that says why there is none: what nobody could look at is not fine. */
export async function settled(
  id: CheckId,
  subject: string,
  run: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof BrigadeError) || isCancelled(error)) throw error;
    return [{ id, status: 'unchecked', subject, reason: { kind: 'error', error } }];
  }
}
