import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  FAILED_FILE,
  ResultFiles,
  SUCCEEDED_FILE,
  reportRows,
} from '../../../../src/sandbox/s3control/tasks/taskOutcomes.ts';
import type { TaskOutcome } from '../../../../src/sandbox/s3control/tasks/taskOutcomes.ts';
import {
  parseTaskLine,
  taskLine,
  TaskReader,
  writeTaskFile,
} from '../../../../src/sandbox/s3control/manifests/task.ts';

const succeeded = (rawKey: string): TaskOutcome => ({
  task: { bucket: 'b', rawKey, versionId: undefined },
  status: 'succeeded',
  httpStatus: 200,
  errorCode: '',
  message: 'Successful',
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brigade-results-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('rows of a report', () => {
  it('have the status before the error code and the key as in the manifest', () => {
    expect(reportRows([succeeded('a%20b+c')]).toString()).toBe(
      'b,a%20b+c,,succeeded,200,,Successful\r\n',
    );
    const failed: TaskOutcome = {
      task: { bucket: 'b', rawKey: 'k', versionId: 'v1' },
      status: 'failed',
      httpStatus: 403,
      errorCode: 'AccessDenied',
      message: 'not "allowed",\r\nno',
    };
    expect(reportRows([failed]).toString()).toBe(
      'b,k,v1,failed,403,AccessDenied,"not ""allowed"",\r\nno"\r\n',
    );
  });

  it('are read back by a CSV reader whatever the key', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter(key => key.isWellFormed()),
        key => {
          const [row] = parse(reportRows([succeeded(key)]), { record_delimiter: '\r\n' });
          expect(row?.[1]).toBe(key);
        },
      ),
    );
  });
});

describe('result files', () => {
  it('overwrite what was not counted and are cut at the end', () => {
    const files = new ResultFiles(folder);
    const first = files.write('succeeded', [succeeded('one')], 0);
    files.write('succeeded', [succeeded('lost-with-the-transaction')], first);
    const second = files.write('succeeded', [succeeded('two')], first);
    files.trim(second, 0);
    files.close();
    expect(readFileSync(join(folder, SUCCEEDED_FILE), 'utf8')).toBe(
      'b,one,,succeeded,200,,Successful\r\nb,two,,succeeded,200,,Successful\r\n',
    );
    expect(readFileSync(join(folder, FAILED_FILE), 'utf8')).toBe('');
  });
});

describe('the task file', () => {
  it('gives back every task from any position', async () => {
    const file = join(folder, 'tasks.jsonl');
    const tasks = Array.from({ length: 20_000 }, (_, index) => ({
      bucket: 'b',
      rawKey: index % 3 === 0 ? `ключ "${index}"\n🙂` : `key-${index}`,
      versionId: index % 2 === 0 ? undefined : 'null',
    }));
    const source = async function* () {
      await Promise.resolve();
      yield* tasks;
    };
    expect(await writeTaskFile(file, source(), () => true)).toBe(20_000);
    let position = 0;
    let count = 0;
    // As after a restart: a new reader every 7,000 tasks.
    while (count < tasks.length) {
      const reader = await TaskReader.open(file, position);
      for (let left = 7000; left > 0 && count < tasks.length;) {
        const lines = (await reader.peek()).slice(0, left);
        for (const line of lines) {
          expect(parseTaskLine(line.text)).toEqual(tasks[count]);
          position += line.bytes;
          count += 1;
        }
        reader.advance(lines.length);
        left -= lines.length;
      }
      await reader.close();
    }
    const end = await TaskReader.open(file, position);
    expect(await end.peek()).toEqual([]);
    await end.close();
  });

  it('is given up when nobody wants it any more', async () => {
    const endless = async function* () {
      for (;;) yield await Promise.resolve({ bucket: 'b', rawKey: 'k', versionId: undefined });
    };
    expect(await writeTaskFile(join(folder, 't'), endless(), () => false)).toBeUndefined();
  });

  it('keeps a task on one line', () => {
    expect(taskLine({ bucket: 'b', rawKey: 'a\nb', versionId: undefined })).toBe('["b","a\\nb"]\n');
  });
});
