import type { ResizeSettings } from '../resizeFunction/resizeSettings.ts';

/**
 * What a deployment is to be: uploads to `bucket` below `prefix` with one of the suffixes are
 * resized into `destinationBucket`. Nothing here loads the AWS SDK.
 */
export interface DeploymentTarget {
  readonly bucket: string;
  readonly destinationBucket: string;
  /** 1 to 64 letters, digits, `-` and `_`. */
  readonly functionName: string;
  /** `name`: a role that is made, and kept with the least permissions; `arn`: one that is there. */
  readonly role: { readonly name: string } | { readonly arn: string };
  readonly code: FunctionCode;
  readonly architecture: Architecture;
  /** MB, 128 to 10240. */
  readonly memoryMegabytes: number;
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  readonly settings: ResizeSettings;
  /** Empty: the whole bucket. */
  readonly prefix: string;
  /** `.jpg` … one notification each; empty: every object. Case-sensitive. */
  readonly suffixes: readonly string[];
}

export type Architecture = 'x86_64' | 'arm64';

export type FunctionCode =
  /** `sha256` in base64, as Lambda's CodeSha256. */
  | { readonly kind: 'zipFile'; readonly bytes: Uint8Array; readonly sha256: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string }
  /** What the function has already: only the rest is deployed. */
  | { readonly kind: 'deployed' };

/** Both ways in which cameras write them. */
export const DEFAULT_SUFFIXES: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.gif',
  '.JPG',
  '.JPEG',
  '.PNG',
];
