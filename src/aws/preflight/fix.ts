import type { Correction } from '../manifestCheck/corrections.ts';
import type { PolicyStatement } from '../roles/policyStatement.ts';

/** What puts something right; `applyFix` does it, but for what leads to a question or a command. */
export type Fix =
  /** The request names the manifest as it is now. */
  | { readonly kind: 'renewManifest' }
  /** Rewrites the manifest, corrected, and the request names that one. */
  | { readonly kind: 'correctManifest'; readonly corrections: readonly Correction[] }
  /** Puts a policy into the role, besides those that it has. */
  | {
      readonly kind: 'addPermissions';
      readonly roleArn: string;
      readonly statements: readonly PolicyStatement[];
    }
  /** Adds S3 Batch Operations to those who may assume the role. */
  | { readonly kind: 'addTrust'; readonly roleArn: string }
  /** The report of all tasks goes to this bucket. */
  | { readonly kind: 'useReportBucket'; readonly bucket: string }
  /** The job waits for its confirmation. */
  | { readonly kind: 'requireConfirmation' }
  // What a person has to decide.
  | { readonly kind: 'askObjects' }
  | { readonly kind: 'checkManifest'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'copyPolicy'; readonly statements: readonly PolicyStatement[] }
  | {
      readonly kind: 'disableNotification';
      readonly bucket: string;
      readonly notificationIds: readonly string[];
    }
  | { readonly kind: 'chooseReport' };
