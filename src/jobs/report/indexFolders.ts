import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { CompletionReport } from '../../aws/batchJobs/completionReport.ts';
import type { ReportSummary } from '../../aws/report/indexFiles.ts';
import { readSummary } from '../../aws/report/readRows.ts';

/** Indexes that were not used for so long are deleted. Milliseconds. */
const KEPT = 7 * 24 * 3600 * 1000;
/** Indexes kept at most: each is as big as its report. */
const MAX_KEPT = 20;
/** Whoever indexes a report now needs its folder. Milliseconds. */
const UNTOUCHED = 24 * 3600 * 1000;

/** Where the indexes of reports are kept on this machine, for all windows. */
export class IndexFolders {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** A whole index of this very report, if there is one; one that has damage is created again. */
  async find(
    session: string,
    report: CompletionReport,
  ): Promise<{ folder: string; summary: ReportSummary } | undefined> {
    const name = folderName(session, report);
    for (const found of await this.#names()) {
      if (!found.startsWith(`${name}-`)) continue;
      const folder = path.join(this.#root, found);
      const summary = await readSummary(folder);
      if (summary === undefined || summary.damage.count > 0) continue;
      await utimes(folder, new Date(), new Date()).catch(() => undefined);
      return { folder, summary };
    }
    return undefined;
  }

  /** An empty folder for a new index; no other window uses it. Deletes what is too old. */
  async make(session: string, report: CompletionReport): Promise<string> {
    await this.#clean();
    const folder = path.join(
      this.#root,
      `${folderName(session, report)}-${randomUUID().slice(0, 8)}`,
    );
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async #names(): Promise<string[]> {
    return await readdir(this.#root).catch(() => []);
  }

  async #clean(): Promise<void> {
    const all = await Promise.all(
      (await this.#names()).map(async name => {
        const folder = path.join(this.#root, name);
        const used = await stat(folder).then(
          ({ mtimeMs }) => mtimeMs,
          () => Date.now(),
        );
        return { folder, age: Date.now() - used };
      }),
    );
    const newestFirst = all.sort((a, b) => a.age - b.age);
    const old = newestFirst.filter(
      ({ age }, at) => age > KEPT || (at >= MAX_KEPT && age > UNTOUCHED),
    );
    await Promise.all(old.map(({ folder }) => rm(folder, { recursive: true, force: true })));
  }
}

function folderName(session: string, { bucket, key, created, results }: CompletionReport): string {
  const files = results.map(file => [file.bucket, file.key, file.md5]);
  const what = JSON.stringify([session, bucket, key, created, files]);
  return createHash('sha256').update(what).digest('hex').slice(0, 24);
}
