// Bundles what the page takes from npm into modules, which it loads when it needs them: the editor, and what reads
// folders and zips.
//
//     node build.mjs [FOLDER]
//
// Trunk runs this as a hook and names its staging folder in the environment.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;
if (!folder) {
  console.error("usage: node build.mjs FOLDER");
  process.exit(2);
}

const { build } = await import("esbuild").catch((error) => {
  console.error(`The editor's packages are missing (${error.code}): run \`npm ci\` in web/editor.`);
  process.exit(2);
});
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/editor.js", "src/intake.js"],
  outdir: path.resolve(folder),
  bundle: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  minify: process.env.TRUNK_PROFILE !== "debug",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
await writeFile(path.join(folder, "editor.licenses.txt"), await licences(Object.keys(metafile.inputs)));

/** The licences of the packages that are in the bundle, which have to be handed on with them. */
async function licences(files) {
  const packages = new Set(
    files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean),
  );
  const texts = [...packages].sort().map(async (name) => {
    const root = path.join(here, "node_modules", name);
    const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
    return `${name} ${version}\n\n${(await readFile(path.join(root, "LICENSE"), "utf8")).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}
