/** What is wrong with a data folder. */
export type DataFolderProblem = 'inUse' | 'newer' | 'damaged' | 'foreign';

/** Thrown when a folder can't be the sandbox's; the message is a sentence that a person can act on. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly problem: DataFolderProblem;

  constructor(problem: DataFolderProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.problem = problem;
  }
}

/** @param what the file and what is wrong with it, e.g. `sandbox.sqlite is no database` */
export function damagedFolder(directory: string, what: string, cause?: unknown): DataFolderError {
  return new DataFolderError(
    'damaged',
    `The data folder ${directory} is damaged: ${what}. Put a good copy back, or move the folder away to begin with a new one.`,
    cause,
  );
}

/** SQLite's result codes for a file that is none of its databases, or not the one that it was. */
const SQLITE_ERROR = 1;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** What a start failed by, as a DataFolderError where it is the database's fault. */
export function folderFault(error: unknown, directory: string): unknown {
  const { code, errcode = 0, message } = error as Error & { code?: string; errcode?: number };
  if (code !== 'ERR_SQLITE_ERROR') return error;
  // The upper bytes of an extended code say more about the same.
  const kind = errcode & 0xff;
  if (![SQLITE_ERROR, SQLITE_CORRUPT, SQLITE_NOTADB].includes(kind)) return error;
  return damagedFolder(directory, `sandbox.sqlite can't be read (${message})`, error);
}
