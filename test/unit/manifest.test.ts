import { describe, expect, it } from 'vitest';
import { parseSources, propertiesOf, readJson, readText } from '../support/sources.ts';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly submenus: readonly { readonly id: string; readonly icon?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly contents: string;
      readonly when?: string;
    }[];
    readonly languageModelTools: readonly {
      readonly displayName: string;
      readonly userDescription: string;
    }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly order?: number; readonly scope?: string }>
      >;
    };
  };
}

const manifest = readJson('package.json') as Manifest;
const nls = readJson('package.nls.json') as Record<string, string>;
const { commands, menus, submenus, views, viewsWelcome, configuration } = manifest.contributes;

/** Every value of a key anywhere under a JSON value. */
function valuesOf(value: unknown, wanted: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === wanted && typeof inner === 'string' ? [inner] : valuesOf(inner, wanted),
  );
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

/** A `%key%` as what it stands for. */
function resolve(text: string): string {
  return nls[/^%(.+)%$/.exec(text)?.[1] ?? ''] ?? text;
}

describe('commands', () => {
  const [source] = parseSources('src/commands.ts');
  const typed = propertiesOf(source!, 'Commands');

  it('are the same in package.json and in src/commands.ts', () => {
    expect(commands.map(({ command }) => command).sort()).toEqual([...typed].sort());
  });

  it('are named in one way', () => {
    for (const { command, title, category } of commands) {
      expect(command).toMatch(/^bucketBrigade\.[a-z]+\.[a-z][A-Za-z0-9]+$/);
      expect(category, command).toBe('Bucket Brigade');
      expect(title, command).toBe(`%${command.replace('bucketBrigade.', 'command.')}%`);
    }
  });

  it('have titles in Title Case that end in … or nothing', () => {
    const small = /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|with)$/;
    for (const { title } of commands) {
      const text = resolve(title);
      expect(text).toMatch(/^[A-Z][A-Za-z0-9 ]+…?$/);
      const words = text.replace('…', '').split(' ').slice(1);
      expect(
        words.filter(word => !small.test(word) && !/^[A-Z0-9]/.test(word)),
        text,
      ).toEqual([]);
    }
  });

  it('have different titles in the palette', () => {
    const hidden = (menus['commandPalette'] ?? []).filter(({ when }) => when === 'false');
    const titles = commands
      .filter(({ command }) => !hidden.some(item => item.command === command))
      .map(({ title }) => resolve(title));
    for (const title of titles) {
      const longer = titles.filter(other => other !== title && other.startsWith(`${title} `));
      expect(longer, title).toEqual([]);
    }
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('of menus exist, have a place of their own and an icon where they are inline', () => {
    for (const [menu, items] of Object.entries(menus)) {
      for (const { command, submenu, when, group } of items) {
        const known = commands.find(candidate => candidate.command === command);
        const shown = known ?? submenus.find(({ id }) => id === submenu);
        expect(shown !== undefined, `${menu}: ${command ?? submenu ?? ''}`).toBe(true);
        // A submenu's own items stand where it does.
        if (menu === 'commandPalette' || submenus.some(({ id }) => id === menu)) continue;
        expect(when, `${menu}: ${command ?? ''}`).toMatch(
          /\bview =[=~] |\bresourceScheme == |\bresourcePath =~ /,
        );
        expect(group, `${menu}: ${command ?? ''}`).toMatch(
          /^(inline|navigation|\d_[a-z]+)(@\d+)?$/,
        );
        if (/^(inline|navigation)/.test(group ?? ''))
          expect(shown?.icon, command ?? submenu).toBeDefined();
      }
    }
  });

  it('show at most three icons on a row', () => {
    const inline = (menus['view/item/context'] ?? []).filter(item =>
      item.group?.startsWith('inline'),
    );
    for (const row of [/\bbucket\b/, /\bobject\b/, /\btag\b/, /suspended|report/]) {
      expect(inline.filter(({ when = '' }) => row.test(when)).length).toBeLessThanOrEqual(3);
    }
  });
});

describe('texts of package.json', () => {
  const used = new Set(stringsOf(manifest).flatMap(text => /^%(.+)%$/.exec(text)?.slice(1) ?? []));

  it('are all in package.nls.json, which holds no others', () => {
    expect(Object.keys(nls).sort()).toEqual([...used].sort());
  });

  it('are never in package.json itself', () => {
    const shown = [
      'title',
      'name',
      'displayName',
      'contents',
      'description',
      'markdownDescription',
    ];
    // A tool's name and its input are read by models only.
    const tools = manifest.contributes.languageModelTools.map(
      ({ displayName, userDescription }) => ({ displayName, description: userDescription }),
    );
    const own = shown
      .flatMap(key => valuesOf({ ...manifest.contributes, languageModelTools: tools }, key))
      .filter(text => !/^%.+%$/.test(text));
    expect(own).toEqual([]);
  });

  it('name only commands, settings and contexts that exist', () => {
    const focus = Object.values(views).flatMap(group => group.map(({ id }) => `${id}.focus`));
    const known = new Set([...commands.map(({ command }) => command), ...focus]);
    for (const [key, text] of Object.entries(nls)) {
      for (const [, command = ''] of text.matchAll(/\(command:([\w.]+)/g)) {
        if (command.startsWith('bucketBrigade.'))
          expect(known.has(command), `${key}: ${command}`).toBe(true);
      }
      for (const [, setting = ''] of text.matchAll(/`#([\w.]+)#`/g)) {
        expect(Object.keys(configuration.properties), key).toContain(setting);
      }
    }
  });
});

describe('conditions in package.json', () => {
  /** VS Code's own keys that we use. */
  const OF_VS_CODE = new Set([
    'view',
    'viewItem',
    'focusedView',
    'inputFocus',
    'isWorkspaceTrusted',
    'listMultiSelection',
    'false',
    'true',
    'resourceScheme',
    'resourcePath',
    'explorerResourceIsFolder',
  ]);
  const [source] = parseSources('src/vscode/contextKey.ts');
  const ours = propertiesOf(source!, 'ContextKeys');

  it('use context keys that we set or that are VS Code’s', () => {
    const conditions = ['when', 'enablement', 'enabledWhen'].flatMap(key =>
      valuesOf(manifest.contributes, key),
    );
    for (const condition of conditions) {
      const bare = condition
        .replace(/\/(\\.|[^/])*\//g, '')
        .replace(/[=!]=\s*('[^']*'|[\w.:-]+)/g, '');
      for (const key of bare.match(/[A-Za-z][\w.:]*/g) ?? []) {
        expect(ours.includes(key) || OF_VS_CODE.has(key), `${key} in: ${condition}`).toBe(true);
      }
    }
  });

  it('have every context key of ours set by code, and used', () => {
    const code = parseSources('src/**/*.ts').map(file => file.text);
    const text = readText('package.json');
    for (const key of ours) {
      expect(code.filter(file => file.includes(`'${key}'`)).length, key).toBeGreaterThan(1);
      expect(text, key).toContain(key);
    }
  });
});

describe('views', () => {
  it('have welcome content for when they are empty, each with a button', () => {
    const ids = Object.values(views).flatMap(group => group.map(({ id }) => id));
    for (const id of ids) {
      const welcomes = viewsWelcome.filter(({ view }) => view === id);
      expect(welcomes.length, id).toBeGreaterThan(0);
      for (const { contents } of welcomes) expect(resolve(contents)).toMatch(/^\[.+\]\(command:/m);
    }
    expect(viewsWelcome.filter(({ view }) => !ids.includes(view))).toEqual([]);
  });

  it('offer before the first connection only what needs none', () => {
    const needing = commands
      .filter(({ enablement }) => enablement?.includes('bucketBrigade:hasConnection'))
      .map(({ command }) => command);
    expect(needing).toContain('bucketBrigade.explorer.upload');
    for (const { view, contents, when = '' } of viewsWelcome) {
      const offered = [...resolve(contents).matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!);
      if (/(^|[^!])bucketBrigade:hasConnection/.test(when)) continue;
      expect(
        offered.filter(id => needing.includes(id)),
        `${view}: ${contents}`,
      ).toEqual([]);
    }
  });
});

describe('the walkthrough', () => {
  const [walkthrough, ...others] = manifest.contributes.walkthroughs;

  it('is one, of at most six steps, each with a picture, a button and an end', () => {
    expect(others).toEqual([]);
    expect(walkthrough!.steps.length).toBeLessThanOrEqual(6);
    const ids = new Set(commands.map(({ command }) => command));
    for (const { id, description, media, completionEvents } of walkthrough!.steps) {
      expect(resolve(description), id).toMatch(/^\[.+\]\(command:[\w.]+\)$/m);
      expect(resolve(media.altText), id).not.toMatch(/^%/);
      for (const event of completionEvents) {
        const [, kind, name = ''] = /^on(Command|Context|View):(.+)$/.exec(event) ?? [];
        // VS Code has a command that shows a view, for each view.
        const isFocus = name === 'bucketBrigade.buckets.focus';
        if (kind === 'Command') expect(isFocus || ids.has(name), event).toBe(true);
        else
          expect(readText(kind === 'View' ? 'package.json' : 'src/vscode/contextKey.ts')).toContain(
            name,
          );
      }
    }
  });

  it('takes every colour of its pictures from the theme', () => {
    for (const { media } of walkthrough!.steps) {
      const colours = [...readText(media.svg).matchAll(/(?:fill|stroke)="([^"]+)"/g)];
      expect(colours.length).toBeGreaterThan(0);
      expect(
        colours
          .map(([, colour = '']) => colour)
          .filter(c => c !== 'none' && !c.startsWith('var(--vscode-')),
        media.svg,
      ).toEqual([]);
      // Dark Modern’s is nearly the colour of the page.
      expect(readText(media.svg), media.svg).not.toContain('--vscode-widget-border');
    }
  });
});

describe('settings', () => {
  it('are ordered, described and read by code', () => {
    const code = parseSources('src/**/*.ts')
      .map(file => file.text)
      .join('\n');
    for (const [key, { order }] of Object.entries(configuration.properties)) {
      expect(order, key).toBeTypeOf('number');
      const [section = '', name = ''] = key.replace('bucketBrigade.', '').split('.');
      expect(code, key).toMatch(
        new RegExp(`['"\`](bucketBrigade\\.)?(${section}\\.)?${name}['"\`]`),
      );
    }
  });

  it('of the sandbox cannot come from a workspace', () => {
    const sandbox = Object.entries(configuration.properties).filter(([key]) =>
      key.startsWith('bucketBrigade.sandbox.'),
    );
    expect(sandbox.length).toBeGreaterThan(0);
    for (const [key, { scope }] of sandbox) {
      expect(scope, key).toBe('machine');
      expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(key);
    }
  });

  it('that decide what is deployed, or what it is said to cost, need a trusted workspace', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const decisive = Object.keys(configuration.properties).filter(key =>
      /^bucketBrigade\.(resize|cost)\./.test(key),
    );
    expect(decisive).toHaveLength(4);
    expect(restrictedConfigurations).toEqual(expect.arrayContaining(decisive));
  });

  it('never choose an endpoint, a profile, a Region or a role', () => {
    const risky = Object.keys(configuration.properties).filter(key =>
      /endpoint|profile|region|role|credential/i.test(key),
    );
    expect(risky).toEqual([]);
  });
});
