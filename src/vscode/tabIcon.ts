import { Uri, version, type IconPath, type ThemeIcon } from 'vscode';

/** The first VS Code whose tabs of webviews can have theme icons (its release notes, "Extension authoring"). */
const FIRST_WITH_THEME_ICONS = 108;

/** Sets the icon of a webview's tab; before VS Code 1.108 it is the extension's own. */
export function setTabIcon(
  panel: { iconPath?: IconPath },
  icon: ThemeIcon,
  extensionUri: Uri,
): void {
  const minor = Number(version.split('.')[1]);
  panel.iconPath =
    minor >= FIRST_WITH_THEME_ICONS ? icon : Uri.joinPath(extensionUri, 'media', 'logo.svg');
}
