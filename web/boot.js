// Starts the page. It is a file of its own, and not a script inside the document, so that the content
// security policy can forbid scripts inside the document altogether.
const script = document.querySelector("script[data-boot]");

// The theme is set before the first paint; the page itself takes over from here.
try {
  const theme =
    new URLSearchParams(location.search).get("theme") ?? localStorage.getItem("schemaward-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off; the system's theme is shown then.
}
// The editor, and what reads folders and zips, are loaded when the page asks for them. The build in the address keeps a
// cache from mixing two builds; the number of the attempt makes a browser ask again for what it could not load.
const attempts = {};
globalThis.schemawardModule = (name, build) => {
  attempts[name] = (attempts[name] ?? 0) + 1;
  const again = attempts[name] > 1 ? `&again=${attempts[name]}` : "";
  return import(new URL(`${name}.js?build=${build}${again}`, document.baseURI));
};
document.getElementById("crash-reload").addEventListener("click", () => location.reload());

try {
  const { default: init } = await import(new URL(script.dataset.js, document.baseURI));
  await init({ module_or_path: new URL(script.dataset.wasm, document.baseURI) });
} catch (error) {
  document.getElementById("loading")?.remove();
  document.getElementById("crash-detail").textContent = String(error?.message ?? error);
  document.getElementById("crash").hidden = false;
}
