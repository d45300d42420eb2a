import { homedir } from 'node:os';
import { posix } from 'node:path';
import { FileType, Uri, workspace, type Memento } from 'vscode';

const LAST = 'explorer.downloadFolder';

/** Where the dialogs of a download begin. */
export class DownloadFolder {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  /** The folder of last time, the workspace's, Downloads, or home: the first that is there. */
  async start(): Promise<Uri> {
    const last = this.#memory.get<string>(LAST);
    const home = Uri.file(homedir());
    const candidates = [
      ...(last === undefined ? [] : [Uri.parse(last, true)]),
      ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(isLocal),
      Uri.joinPath(home, 'Downloads'),
    ];
    for (const uri of candidates) if (await isFolder(uri)) return uri;
    return home;
  }

  async remember(folder: Uri): Promise<void> {
    await this.#memory.update(LAST, folder.toString());
  }
}

/** An object of S3 is not downloaded into S3. */
function isLocal({ scheme }: Uri): boolean {
  return scheme === 'file';
}

async function isFolder(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.Directory) !== 0;
  } catch {
    return false;
  }
}

/** The folder that a file is in. */
export function folderOf(file: Uri): Uri {
  return file.with({ path: posix.dirname(file.path) });
}
