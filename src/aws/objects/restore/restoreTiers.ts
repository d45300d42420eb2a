/** How fast a restore is asked to be. */
export type RestoreTier = 'Expedited' | 'Standard' | 'Bulk';

/** Where an archived object is: a storage class, or an archive tier of Intelligent-Tiering. */
export type ArchiveClass = 'GLACIER' | 'DEEP_ARCHIVE' | 'ARCHIVE_ACCESS' | 'DEEP_ARCHIVE_ACCESS';

/** Hours in which S3 says it has restored an object. */
export interface RestoreTime {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 1 / 60;
const FLEXIBLE: Readonly<Record<RestoreTier, RestoreTime>> = {
  Expedited: { from: MINUTE, to: 5 * MINUTE },
  Standard: { from: 3, to: 5 },
  Bulk: { from: 5, to: 12 },
};
const DEEP = { Standard: { from: 0, to: 12 }, Bulk: { from: 0, to: 48 } };

/** Amazon S3 user guide, "Understanding archive retrieval options". */
const TIMES: Readonly<Record<ArchiveClass, Partial<Record<RestoreTier, RestoreTime>>>> = {
  GLACIER: FLEXIBLE,
  DEEP_ARCHIVE: DEEP,
  ARCHIVE_ACCESS: FLEXIBLE,
  DEEP_ARCHIVE_ACCESS: DEEP,
};

/** Reads a storage class or `ArchiveStatus`; undefined for what is not archived. */
export function archiveClass(name: string | undefined): ArchiveClass | undefined {
  return name !== undefined && Object.hasOwn(TIMES, name) ? (name as ArchiveClass) : undefined;
}

/** Whether S3 restores a copy for some days; in Intelligent-Tiering the object itself comes back. */
export function makesCopy(archive: ArchiveClass): boolean {
  return archive === 'GLACIER' || archive === 'DEEP_ARCHIVE';
}

/** The tiers that objects of all these classes can be restored with, the usual one first. */
export function tiersOf(classes: readonly ArchiveClass[]): readonly RestoreTier[] {
  const all: readonly RestoreTier[] = ['Standard', 'Bulk', 'Expedited'];
  return all.filter(tier => classes.every(archive => TIMES[archive][tier] !== undefined));
}

/** When the last of such objects is restored; undefined where one can't be restored so. */
export function restoreTime(
  classes: readonly ArchiveClass[],
  tier: RestoreTier,
): RestoreTime | undefined {
  const times = classes.map(archive => TIMES[archive][tier]);
  return times.reduce<RestoreTime | undefined>((slowest, time) => {
    return !slowest || (time && time.to > slowest.to) ? time : slowest;
  }, times[0]);
}
