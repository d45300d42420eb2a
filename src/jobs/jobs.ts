import type { Services } from '../services.ts';
import type { JobFollowing } from './jobFollowing.ts';
import type { JobRegions } from './jobRegions.ts';
import type { JobList } from './jobList.ts';
import type { JobsView } from './jobsView.ts';
import type { WatchedJobs } from './watchedJobs.ts';

/** The parts of this feature that its commands work with. */
export interface Jobs extends Pick<Services, 'connections' | 'log' | 'context'> {
  readonly list: JobList;
  readonly view: JobsView;
  readonly watched: WatchedJobs;
  readonly regions: JobRegions;
  readonly following: JobFollowing;
}
