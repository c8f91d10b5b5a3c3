// Starts the analysis inside its worker. Whatever keeps it from starting is told to the page, which would
// otherwise see nothing: a rejected import inside a worker raises no error event in every browser.
//
// The build in this script's address is handed on, so that no cache can mix the files of two builds. So is
// which program the page needs: the one that reads Python is larger.
const { search, searchParams } = new URL(import.meta.url);
const program = searchParams.has("python") ? "worker_python" : "worker";
try {
  const { default: init } = await import(`./${program}.js${search}`);
  await init({ module_or_path: new URL(`./${program}_bg.wasm${search}`, import.meta.url) });
} catch (error) {
  self.postMessage(JSON.stringify({ NotLoaded: { message: String(error?.message ?? error) } }));
}
