/** Whether there are signals that a program can catch, modes of files, pipes with names, and /bin/sh. */
export const isPosix = process.platform !== 'win32';

/** Whether modes keep somebody out: root may read and write anywhere, and Windows has none. */
export const modesCount = isPosix && process.getuid?.() !== 0;
