import type { Services } from '../services.ts';
import type { JobFollowings } from './following/jobFollowings.ts';
import type { JobCheck } from './jobToCheck.ts';
import type { JobRegions } from './jobRegions.ts';
import type { JobLists } from './jobLists.ts';
import type { JobsView } from './view/jobsView.ts';
import type { WatchedJobs } from './following/watchedJobs.ts';

/** The parts of this feature that its commands work with. */
export interface Jobs extends Pick<
  Services,
  'connections' | 'log' | 'context' | 'documents' | 'worker'
> {
  readonly lists: JobLists;
  readonly view: JobsView;
  readonly watched: WatchedJobs;
  readonly regions: JobRegions;
  readonly following: JobFollowings;
  readonly check: JobCheck;
}
