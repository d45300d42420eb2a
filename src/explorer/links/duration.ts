const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `45s`, `30m`, `2h`, `1.5h`, `3d`, `1d 12h`. @returns seconds; undefined for anything else */
export function parseDuration(text: string): number | undefined {
  const parts = text.trim().toLowerCase().split(/\s+/);
  const seconds = parts.map(part => {
    const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(part) ?? [];
    return Number(count === '' ? NaN : count) * (SECONDS[unit] ?? NaN);
  });
  const sum = Math.round(seconds.reduce((total, one) => total + one, 0));
  return Number.isNaN(sum) ? undefined : sum;
}
