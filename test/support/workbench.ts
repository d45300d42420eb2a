import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import { buildWhenStale } from './build.ts';
import { LAUNCH_OPTIONS } from './chromium.ts';
import { newTemporaryFolder, OUT, ROOT } from './paths.ts';
import { again, PATIENCE_MS, quickInputHandles } from './quickInput.ts';
import { quietSettings, type Theme } from './settings.ts';
import { findVsCode } from './vsCode.ts';
import { startWebServer, type WebServer } from './webServer.ts';

const SCREENSHOTS = join(OUT, 'screenshots');

export interface WorkbenchOptions {
  /** When absent, dark or light as the browser says: `Workbench.screenshots` has both. */
  readonly theme?: Theme;
  /** The extension to run; this checkout when absent. */
  readonly extensionPath?: string;
  readonly settings?: Record<string, unknown>;
  /** For the extension host. `BUCKET_BRIGADE_SANDBOX_DATA` names the sandbox's folder. */
  readonly env?: NodeJS.ProcessEnv;
  readonly size?: { readonly width: number; readonly height: number };
  /**
   * The language of VS Code, as its language pack would set it: `vscode.env.language`, and with it the
   * texts of extensions. VS Code's own texts stay English.
   */
  readonly language?: string;
}

/** A VS Code that a test sees and handles as a person does. */
export interface Workbench {
  readonly page: Page;
  /** The opened folder: files put here can be uploaded and dragged. */
  readonly workspaceFolder: string;
  /** The sandbox's folder, which is this workbench's alone. */
  readonly sandboxFolder: string;
  openContainer(): Promise<void>;
  /** Waits until a workspace file that the window was sent to is open, with its folders in the Explorer. */
  workspaceOpened(): Promise<void>;
  /** Changes the theme of the open workbench, as its settings do. */
  setTheme(theme: Theme): Promise<void>;
  /** Opens the container and starts the sandbox in it, with the lab's buckets. */
  startSandbox(): Promise<void>;
  /** A row of a tree, found by a part of its text. */
  row(text: string): Locator;
  expand(text: string): Promise<void>;
  /** Right-clicks a row and chooses an item. */
  contextMenu(rowText: string, item: string): Promise<void>;
  /** Clicks an action that a row shows when it is hovered. */
  inlineAction(rowText: string, action: string): Promise<void>;
  /** Runs a command from the palette by its full title, `Category: Title`. */
  runCommand(title: string): Promise<void>;
  /** Types into the quick pick or input box that is open, replacing what is there. */
  type(text: string): Promise<void>;
  /** Chooses the entry of the open quick pick that has this text. */
  pick(text: string): Promise<void>;
  accept(): Promise<void>;
  /** Waits until something is asked, or offered, that has this text. */
  asked(text: string): Promise<void>;
  /** Chooses an entry once it is offered. */
  choose(text: string): Promise<void>;
  /** Types an answer where it is asked for; without one, what stands there is accepted. */
  answer(question: string, text?: string): Promise<void>;
  /** Chooses a file or a folder in VS Code's own dialog, which is a quick input here. */
  chooseFile(path: string): Promise<void>;
  /** Saves by that dialog, once it has suggested a name. */
  saveAs(suggested: string, path: string): Promise<void>;
  /** Leaves the question that is open by Escape. */
  dismiss(): Promise<void>;
  quickInput(): Locator;
  /** Clicks a button of the modal dialog. */
  dialogButton(text: string): Promise<void>;
  dialog(): Locator;
  notification(text: string): Locator;
  /** Shows the messages, which an extension under test does not show by itself, and finds one. */
  message(text: string): Promise<Locator>;
  /** The page, preview or chart that is shown: in frames of its own. */
  preview(): FrameLocator;
  statusBar(text: string): Locator;
  /**
   * Keeps a picture as `out/screenshots/NAME.png`. With `BUCKET_BRIGADE_PICTURES` set, one that the
   * README shows is renewed in docs/images too.
   */
  screenshot(name: string): Promise<void>;
  /** Keeps `NAME-dark.png` and `NAME-light.png`; for a workbench that was opened without a theme. */
  screenshots(name: string): Promise<void>;
  /** Closes every menu, dialog and question that is open: what follows begins as a person would. */
  leaveNothingOpen(): Promise<void>;
  close(): Promise<void>;
}

/** Those of this test file that are open. */
export const openWorkbenches = new Set<Workbench>();

/** Opens a clean web workbench with the extension in it; nothing is shared with another run. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  process.env['BUCKET_BRIGADE_VSCODE'] ??= 'web';
  const vsCode = await findVsCode();
  if (vsCode.kind !== 'web') {
    throw new Error('UI tests need the web workbench: set BUCKET_BRIGADE_VSCODE=web.');
  }
  await buildWhenStale();
  const folder = newTemporaryFolder('ui');
  const workspaceFolder = join(folder, 'workspace');
  const sandboxFolder = join(folder, 'sandbox');
  mkdirSync(workspaceFolder);
  mkdirSync(SCREENSHOTS, { recursive: true });
  const server = await startWebServer(vsCode, {
    folder,
    settings: { ...quietSettings(options.theme), ...options.settings },
    env: { BUCKET_BRIGADE_SANDBOX_DATA: sandboxFolder, ...options.env },
  });
  const browser = await chromium.launch({ executablePath: vsCode.chromium, ...LAUNCH_OPTIONS });
  const { size = { width: 1280, height: 800 } } = options;
  const context = await browser.newContext({
    viewport: size,
    colorScheme: 'dark',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  if (options.language !== undefined) {
    await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${options.language}'`);
  }
  const { extensionPath = ROOT } = options;
  await page.goto(server.address({ workspaceFolder, extensionPath }));
  await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 120_000 });
  const close = async (): Promise<void> => {
    openWorkbenches.delete(workbench);
    await closeAll(browser, server, folder);
  };
  const setTheme = async (theme: Theme): Promise<void> => {
    server.setSettings({ ...quietSettings(theme), ...options.settings });
    await page.locator(`.monaco-workbench${THEME_CLASSES[theme]}`).waitFor();
  };
  const workbench = { ...handles(page), page, workspaceFolder, sandboxFolder, setTheme, close };
  openWorkbenches.add(workbench);
  return workbench;
}

async function closeAll(browser: Browser, server: WebServer, folder: string): Promise<void> {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** By which the workbench says what kind of theme it has. */
const THEME_CLASSES: Readonly<Record<Theme, string>> = {
  dark: '.vs-dark',
  light: '.vs',
  hcDark: '.hc-black',
  hcLight: '.hc-light',
};

type Handles = Omit<Workbench, 'page' | 'workspaceFolder' | 'sandboxFolder' | 'setTheme' | 'close'>;

function handles(page: Page): Handles {
  return {
    ...treeHandles(page),
    ...quickInputHandles(page),
    ...messageHandles(page),
    leaveNothingOpen: () => leaveNothingOpen(page),
  };
}

async function leaveNothingOpen(page: Page): Promise<void> {
  const open = page.locator('.monaco-menu, .monaco-dialog-box, .quick-input-widget:visible');
  // A question may lead back to the one before it.
  for (let tries = 0; tries < 5 && (await open.count()) > 0; tries++) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
  }
}

type TreeHandle =
  | 'openContainer'
  | 'workspaceOpened'
  | 'startSandbox'
  | 'row'
  | 'expand'
  | 'contextMenu'
  | 'inlineAction';

function treeHandles(page: Page): Pick<Handles, TreeHandle> {
  const row = (text: string): Locator =>
    page.locator('.pane-body .monaco-list-row').filter({ hasText: text }).first();
  const openContainer = async (): Promise<void> => {
    await page.locator('.activitybar a[aria-label="Bucket Brigade"]').click();
  };
  return {
    row,
    openContainer,
    workspaceOpened: () => workspaceOpened(page),
    startSandbox: async () => {
      await openContainer();
      await page.getByText('Start Local Sandbox').first().click();
      await row('images-').waitFor();
    },
    expand: async text => {
      const [found, folded] = [row(text), row(text).and(page.locator('[aria-expanded="false"]'))];
      await found.waitFor();
      await again(page, async () => {
        // A row that is read again just then takes no click.
        if ((await folded.count()) > 0) {
          await found.locator('.monaco-tl-twistie').click({ timeout: PATIENCE_MS });
        }
        await folded.waitFor({ state: 'detached', timeout: PATIENCE_MS });
      });
      await page.locator('.pane-body .codicon-tree-item-loading').waitFor({ state: 'detached' });
    },
    contextMenu: async (rowText, item) => {
      await row(rowText).waitFor();
      await again(page, async () => {
        await row(rowText).click({ button: 'right', timeout: PATIENCE_MS });
        // The innermost: a submenu that is open is within its own entry.
        const entry = (text: string): Locator =>
          page
            .locator('.monaco-menu .action-item', { has: page.getByText(text, { exact: true }) })
            .last();
        const [own, submenu] = [entry(item), entry(submenuWith(item) ?? item)];
        await own.or(submenu).first().waitFor({ timeout: PATIENCE_MS });
        // A menu takes no click in the moment it opens: that may be the end of the right click.
        await page.waitForTimeout(300);
        if (!(await own.isVisible())) {
          await submenu.click({ timeout: PATIENCE_MS });
          await own.waitFor({ timeout: PATIENCE_MS });
          await page.waitForTimeout(300);
        }
        await own.click({ timeout: PATIENCE_MS });
        // On a busy machine that moment is long: a menu that took no click is still there.
        await page
          .locator('.monaco-menu')
          .first()
          .waitFor({ state: 'hidden', timeout: PATIENCE_MS });
      });
    },
    inlineAction: async (rowText, action) => {
      await row(rowText).waitFor();
      await again(page, async () => {
        // Rows that others come before move away from under the pointer.
        await row(rowText).hover({ timeout: PATIENCE_MS });
        const button = row(rowText).locator(`.actions a[aria-label^="${action}"]`);
        await button.click({ timeout: PATIENCE_MS });
      });
    },
  };
}

/**
 * A busy web workbench now and then opens a workspace without the folders that its file names, local
 * ones too. Loaded again, as a person would, it has them.
 */
async function workspaceOpened(page: Page): Promise<void> {
  const folders = page.locator('.explorer-folders-view .monaco-list-row');
  const none = page.getByText('You have not yet added a folder');
  for (let look = 0; look < 10; look++) {
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 120_000 });
    await page.locator('.activitybar a[aria-label^="Explorer"]').waitFor();
    // Its icon would close it where it is open.
    await page.keyboard.press('Control+Shift+E');
    await folders.or(none).filter({ visible: true }).first().waitFor();
    if (await folders.first().isVisible()) return;
    await page.reload();
  }
}

/** The label of the submenu that a command is in, by the titles of both. */
function submenuWith(title: string): string | undefined {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  const { contributes } = read('package.json') as Manifest;
  const languages = globSync('package.nls*.json', { cwd: ROOT }).map(
    file => read(file) as Record<string, string>,
  );
  const texts = languages.find(each => Object.values(each).includes(title)) ?? {};
  const { commands, menus, submenus } = contributes;
  const ids = commands.filter(one => texts[one.title.slice(1, -1)] === title);
  const known = submenus.find(({ id }) =>
    menus[id]?.some(item => ids.some(({ command }) => command === item.command)),
  );
  return known && texts[known.label.slice(1, -1)];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
  };
}

type MessageHandle =
  | 'dialog'
  | 'dialogButton'
  | 'notification'
  | 'message'
  | 'preview'
  | 'statusBar'
  | 'screenshot'
  | 'screenshots';

function messageHandles(page: Page): Pick<Handles, MessageHandle> {
  const dialog = (): Locator => page.locator('.monaco-dialog-box');
  const notification = (text: string): Locator =>
    page.locator('.notification-list-item').filter({ hasText: text }).first();
  return {
    dialog,
    dialogButton: async text => {
      await dialog().locator('.monaco-button').filter({ hasText: text }).click();
    },
    notification,
    message: async text => {
      const center = page.locator('.notifications-center.visible');
      await again(page, async () => {
        // A workbench that is still starting may close it once more.
        if (!(await center.isVisible())) {
          await page.locator('.statusbar-item[id="status.notifications"]').click();
        }
        // The pointer would keep its own hint open over the messages.
        await page.mouse.move(640, 300);
        await notification(text).waitFor({ timeout: 15_000 });
      });
      return notification(text);
    },
    // There are two for a moment when one takes the place of another, in an editor and in a page.
    preview: () =>
      page
        .locator('iframe.webview.ready')
        .filter({ visible: true })
        .last()
        .contentFrame()
        .frameLocator('#active-frame'),
    statusBar: text => page.locator('.statusbar-item').filter({ hasText: text }).first(),
    screenshot: name => screenshot(page, name),
    screenshots: async name => {
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await page.locator(`.monaco-workbench${THEME_CLASSES[theme]}`).waitFor();
        await screenshot(page, `${name}-${theme}`);
      }
    },
  };
}

async function screenshot(page: Page, name: string): Promise<void> {
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path });
  const picture = join(ROOT, 'docs', 'images', `${name}.png`);
  if (process.env['BUCKET_BRIGADE_PICTURES'] && existsSync(picture)) await compress(path, picture);
}

/** A workbench has few colours: with 256 of them a picture is less than half as large. */
async function compress(from: string, to: string): Promise<void> {
  const { default: sharp } = await import('sharp');
  await sharp(from).png({ palette: true, effort: 10 }).toFile(to);
}
