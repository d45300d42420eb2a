/** A time in S3's XML: whole seconds, written with a fraction of none (recorded: `…T12:02:40.000Z`). */
export function timestamp(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}.000Z`;
}
