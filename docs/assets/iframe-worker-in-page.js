// The search of the site asks a worker, and browsers give none to a page opened from disk.
// There its script runs in a hidden frame of the page, behind the face of a worker.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      this.ready = new Promise((ready) => {
        document.documentElement.append(frame);
        const inside = frame.contentWindow;
        inside.importScripts = (...names) =>
          names.reduce((before, name) => before.then(() => load(frame, name)), Promise.resolve());
        inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
        load(frame, address).then(() => ready(inside));
      });
    }
    postMessage(data) {
      this.ready.then((inside) => inside.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {}
  };

  function load(frame, address) {
    return new Promise((loaded, failed) => {
      const script = frame.contentDocument.createElement("script");
      script.src = new URL(address, location.href).href;
      script.onload = loaded;
      script.onerror = failed;
      frame.contentDocument.body.append(script);
    });
  }
}
