// Starts the analysis inside its worker. Whatever keeps it from starting is told to the page, which would
// otherwise see nothing: a rejected import inside a worker raises no error event in every browser.
//
// The build in this script's address is handed on, so that no cache can mix the files of two builds.
const { search } = new URL(import.meta.url);
try {
  const { default: init } = await import(`./worker.js${search}`);
  await init({ module_or_path: new URL(`./worker_bg.wasm${search}`, import.meta.url) });
} catch (error) {
  self.postMessage(JSON.stringify({ NotLoaded: { message: String(error?.message ?? error) } }));
}
