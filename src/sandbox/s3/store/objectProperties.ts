import type { Tag } from '../tags.ts';

/** What is stored beside the bytes. */
export interface ObjectProperties {
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
  readonly storageClass?: string;
}
