// Serves a folder of files, as a static host would: node serve.mjs <folder> <port>
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".sql": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Serves `folder` at `port` of 127.0.0.1 and answers with the server once it listens. */
export function serve(folder, port) {
  const root = path.resolve(folder);
  const server = createServer((request, response) => {
    respond(root, request, response).catch((error) => {
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
      response.end(String(error));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

async function respond(root, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const file = await locate(root, request.url);
  if (file === null) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
    response.end("not found\n");
    return;
  }
  response.writeHead(200, {
    "cache-control": "no-store",
    "content-length": file.size,
    "content-type": TYPES[path.extname(file.path)] ?? "application/octet-stream",
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") response.end();
  else createReadStream(file.path).pipe(response);
}

/** The file a request's URL stands for, or null. Never one outside `root`. */
async function locate(root, url) {
  let name;
  try {
    name = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return null;
  }
  if (name.includes("\0")) return null;
  let candidate = path.join(root, name);
  if (candidate !== root && !candidate.startsWith(root + path.sep)) return null;
  let data = await stat(candidate).catch(() => null);
  if (data?.isDirectory()) {
    candidate = path.join(candidate, "index.html");
    data = await stat(candidate).catch(() => null);
  }
  return data?.isFile() ? { path: candidate, size: data.size } : null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder, port] = process.argv.slice(2);
  if (!folder || !Number(port)) {
    console.error(`usage: node ${path.basename(fileURLToPath(import.meta.url))} <folder> <port>`);
    process.exit(2);
  }
  await serve(folder, Number(port));
  console.log(`${path.resolve(folder)} is served at http://127.0.0.1:${port}/`);
}
