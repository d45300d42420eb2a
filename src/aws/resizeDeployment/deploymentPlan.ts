import type { DeploymentWarning, Step } from '../deployment/step.ts';
import type { DeploymentTarget } from './target.ts';

/** What is deployed, in the order in which it is made. */
export type StepKind = 'destinationBucket' | 'role' | 'function' | 'permission' | 'notification';

export type DeploymentStep = Step<StepKind>;

export interface DeploymentPlan {
  readonly target: DeploymentTarget;
  /** Where the function lives: the source bucket's Region. */
  readonly region: string;
  /** In the order in which they are done. */
  readonly steps: readonly DeploymentStep[];
  readonly warnings: readonly DeploymentWarning[];
}
