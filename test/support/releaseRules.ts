export interface Release {
  /** Of git: `v1.2.3`. */
  readonly tag: string;
  /** Of package.json. */
  readonly version: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
}

/**
 * Whether a version is one of the pre-release channel: by VS Code's convention those have an odd minor
 * number (its docs, "Publishing Extensions", "Pre-release extensions").
 */
export function isPreRelease(version: string): boolean {
  return Number(version.split('.')[1]) % 2 === 1;
}

/** What keeps a tag from being released, a sentence each. */
export function checkRelease({ tag, version, changelog }: Release): {
  readonly problems: readonly string[];
  readonly isPreRelease: boolean;
} {
  const problems: string[] = [];
  // The Marketplace takes numbers only: a pre-release is not `1.2.3-beta`.
  if (!/^\d+\.\d+\.\d+$/.test(version))
    problems.push(`The version ${version} isn’t three numbers, such as 1.2.3.`);
  if (tag !== `v${version}`) {
    problems.push(`The tag is ${tag || 'missing'}, and package.json has the version ${version}.`);
  }
  const [, text] = /^## \[Unreleased\]\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog) ?? [];
  if (text?.trim()) problems.push('CHANGELOG.md still has changes under [Unreleased].');
  const headings = changelog.split('\n').filter(line => line.startsWith(`## [${version}]`));
  if (!headings.some(line => / - \d{4}-\d{2}-\d{2}$/.test(line))) {
    problems.push(`CHANGELOG.md has no heading "## [${version}] - YYYY-MM-DD".`);
  }
  return { problems, isPreRelease: isPreRelease(version) };
}
