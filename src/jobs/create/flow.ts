import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import type { S3Location } from '../../commands.ts';
import type { Services, Session } from '../../services.ts';
import type { Documents } from '../../vscode/documents.ts';
import type { PromptPosition } from '../../vscode/prompts.ts';
import type { Draft, DraftManifest } from './draft.ts';

/** What the questions for a job have at hand. */
export interface Asking extends Pick<Services, 'context'> {
  readonly session: Session;
  readonly documents: Documents;
  /** The answers are put here. */
  readonly draft: Draft;
  /** Where to begin looking for a manifest or objects. */
  readonly from: S3Location | undefined;
}

/** What one kind of job asks otherwise than another. */
export interface JobFlow {
  readonly title: string;
  /** Asked when all is answered. */
  readonly question: string;
  /** What the job is called unless it is called otherwise. */
  describe?(draft: Draft): string | undefined;
  askManifest(position: PromptPosition, asking: Asking): Promise<DraftManifest>;
  askOperation(position: PromptPosition, asking: Asking): Promise<JobOperation>;
}
