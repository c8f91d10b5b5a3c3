// The package's declarations under the TypeScript compiler, as Node and as bundlers resolve them.
import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { PACKAGE, ROOT, run } from "../support/project.mjs";

const TSC = path.join(ROOT, "tests", "node_modules", "typescript", "bin", "tsc");
const CONSUMER = fileURLToPath(new URL("types/consumer.ts", import.meta.url));

let folder;

// A project that has the package among its own, as npm would install it.
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "schemaward-types-"));
  await mkdir(path.join(folder, "node_modules"));
  await symlink(PACKAGE, path.join(folder, "node_modules", "schemaward"), "junction");
  await copyFile(CONSUMER, path.join(folder, "consumer.ts"));
  await writeFile(path.join(folder, "package.json"), '{ "type": "module" }\n');
});

after(() => rm(folder, { recursive: true, force: true }));

describe("TypeScript accepts the package", () => {
  for (const [name, module, resolution] of [
    ["in Node", "nodenext", "nodenext"],
    ["through a bundler", "esnext", "bundler"],
  ]) {
    it(name, async () => {
      const compilerOptions = {
        lib: ["esnext", "dom"],
        module,
        moduleResolution: resolution,
        noEmit: true,
        skipLibCheck: false,
        strict: true,
        target: "esnext",
        types: [],
      };
      const config = `tsconfig.${resolution}.json`;
      const text = JSON.stringify({ compilerOptions, files: ["consumer.ts"] });
      await writeFile(path.join(folder, config), text);
      const tsc = [TSC, "--project", config, "--pretty", "false"];
      const { code, stdout, stderr } = await run(process.execPath, tsc, { cwd: folder });
      assert.equal(code, 0, `${stdout}${stderr}`);
    });
  }
});
