import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import type { S3Location } from '../../commands.ts';
import type { Documents, Services, Session } from '../../services.ts';
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
  /** Tells apart what was left unfinished. */
  readonly kind: 'tagging' | 'invoking' | 'resizing';
  readonly title: string;
  /** What the job is called unless it is called otherwise; what it does and on what by default. */
  describe?(draft: Draft): string | undefined;
  askManifest(position: PromptPosition, asking: Asking): Promise<DraftManifest>;
  askOperation(position: PromptPosition, asking: Asking): Promise<JobOperation>;
}
