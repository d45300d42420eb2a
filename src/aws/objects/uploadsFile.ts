import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { MultipartUpload, UploadJournal } from './multipartUploads.ts';

/**
 * The uploads in parts that a task has under way, in a file of its folder, so that a process that dies
 * leaves none behind and the next one knows which objects are the work of the first.
 */
export class UploadsFile implements UploadJournal {
  readonly #path: string;
  readonly #mine = new Set<string>();
  /** What was completed or about to be, by earlier processes too: JSON of each. */
  readonly #copies: Set<string>;

  constructor(path: string) {
    this.#path = path;
    this.#copies = new Set(linesOf(this.#copiesPath));
  }

  begin(upload: MultipartUpload): void {
    this.#mine.add(upload.uploadId);
    this.#write([...this.#read(), upload]);
  }

  /** It stays known when it is over: its task may be told only later that the object is done. */
  completing(upload: MultipartUpload): void {
    const line = identityOf(upload);
    this.#copies.add(line);
    // A line of its own at each end: what a killed process has half written spoils no other.
    appendFileSync(this.#copiesPath, `\n${line}\n`);
  }

  end({ uploadId }: MultipartUpload): void {
    this.#write(this.#read().filter(one => one.uploadId !== uploadId));
  }

  abandon({ uploadId }: MultipartUpload): void {
    this.#mine.delete(uploadId);
  }

  left(bucket?: string): readonly MultipartUpload[] {
    return this.#read().filter(
      one => (bucket === undefined || one.bucket === bucket) && !this.#mine.has(one.uploadId),
    );
  }

  isOurs(copy: Pick<MultipartUpload, 'bucket' | 'key' | 'copy'>): boolean {
    return this.#copies.has(identityOf(copy));
  }

  get #copiesPath(): string {
    return `${this.#path}.copies`;
  }

  #read(): readonly MultipartUpload[] {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as readonly MultipartUpload[];
    } catch {
      return [];
    }
  }

  #write(uploads: readonly MultipartUpload[]): void {
    writeFileSync(this.#path, JSON.stringify(uploads));
  }
}

function identityOf({
  bucket,
  key,
  copy,
}: Pick<MultipartUpload, 'bucket' | 'key' | 'copy'>): string {
  return JSON.stringify([bucket, key, copy?.eTag, copy?.of]);
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
