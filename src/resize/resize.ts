import type { Services } from '../services.ts';

/** What the commands of this feature work with. */
export type Resize = Pick<Services, 'connections' | 'log' | 'context' | 'documents'>;
