/** Colours of VS Code's theme, as a canvas needs them. */
export interface Theme {
  readonly foreground: string;
  readonly background: string;
  readonly grid: string;
  readonly annotation: string;
  readonly font: string;
  chart(name: string): string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const variable = (name: string, fallback: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = variable('foreground', '#888');
  return {
    foreground,
    background: variable('editor-background', '#fff'),
    grid: variable('charts-lines', foreground),
    annotation: variable('charts-purple', foreground),
    font: `11px ${variable('font-family', 'sans-serif')}`,
    chart: name => variable(`charts-${name}`, foreground),
  };
}

/** Calls back when VS Code has changed its theme: it rewrites the variables and the body's class. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
