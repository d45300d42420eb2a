// The panel's host, in the page: answers what the panel asks with the data that it is to show.
let reply;
let shown;

const send = data => window.dispatchEvent(new MessageEvent('message', { data }));

globalThis.acquireVsCodeApi = () => ({
  setState() {},
  postMessage(message) {
    if (message.kind === 'shown') shown();
    if (message.kind !== 'request') return;
    const { id, method } = message;
    const result = method === 'readMetrics' ? reply : { annotations: [], functionExists: true };
    queueMicrotask(() => send({ kind: 'reply', id, result }));
  },
});

globalThis.show = data =>
  new Promise(resolve => {
    reply = data.reply;
    shown = resolve;
    send({
      kind: 'start',
      state: data.state,
      console: false,
      texts: {},
      account: '',
      language: 'en',
    });
  });

let panned = 0;

/** Turns the wheel sideways. */
globalThis.pan = seconds => {
  const over = document.querySelector('.u-over');
  const { start, end } = reply.span;
  const deltaX = ((seconds - panned) / (end - start)) * over.clientWidth;
  panned = seconds;
  over.dispatchEvent(new WheelEvent('wheel', { deltaX, bubbles: true, cancelable: true }));
};
