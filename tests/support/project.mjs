// Where what the tests look at was built, and the `schemaward` command. `cargo xtask test` says
// where in environment variables; started by hand, the tests find the same places themselves.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR || "target");
const SUFFIX = process.platform === "win32" ? ".exe" : "";

/** The debug build of the `schemaward` command. */
export const CLI =
  process.env.SCHEMAWARD_COMMAND || path.join(TARGET, "debug", `schemaward${SUFFIX}`);

/** The folder of the npm package. */
export const PACKAGE = process.env.SCHEMAWARD_PACKAGE || path.join(TARGET, "npm");

/** The Python that has the packages of `tests/python/requirements.txt`. */
export const PYTHON =
  process.env.SCHEMAWARD_PYTHON ||
  path.join(TARGET, "python", ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));

/** The folder of the built page. */
export const DIST = process.env.SCHEMAWARD_DIST || path.join(ROOT, "dist");

/** The path of a file under `tests/fixtures`. */
export function fixturePath(name) {
  return path.join(ROOT, "tests", "fixtures", ...name.split("/"));
}

/** The text of a file under `tests/fixtures`. */
export function fixture(name) {
  return readFile(fixturePath(name), "utf8");
}

/**
 * Runs the `schemaward` command with these arguments in the root of the repository, `input` on its
 * standard input. Answers with its exit code, standard output and standard error. An exit code of
 * 2 says that the call itself was unusable and is an error, as is the end by a signal; 0 and 1 are
 * answers.
 */
export async function schemaward(args, input = "") {
  if (!existsSync(CLI)) {
    throw new Error(`${CLI} is missing: \`cargo build -p schemaward-cli\` builds it`);
  }
  const { code, signal, stdout, stderr } = await run(CLI, args, { cwd: ROOT }, input);
  if (code !== 0 && code !== 1) {
    throw new Error(`schemaward ${args.join(" ")} ended with ${signal ?? code}: ${stderr.trim()}`);
  }
  return { code, stdout, stderr };
}

/**
 * Runs a program to its end, `input` on its standard input. Answers with its exit code (null when a
 * signal ended it), that signal, and what it wrote.
 */
export function run(program, args, options = {}, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
    const written = { stdout: [], stderr: [] };
    child.stdout.on("data", (chunk) => written.stdout.push(chunk));
    child.stderr.on("data", (chunk) => written.stderr.push(chunk));
    child.on("error", reject);
    // A program that ends without reading all of its input is no failure of the test.
    child.stdin.on("error", () => {});
    child.on("close", (code, signal) => {
      resolve({
        code,
        signal,
        stdout: Buffer.concat(written.stdout).toString("utf8"),
        stderr: Buffer.concat(written.stderr).toString("utf8"),
      });
    });
    child.stdin.end(input);
  });
}

/** The labelled cases of a file of the answer key, without what settles those that are open. */
export function labelledCases(text) {
  const cases = text.split(/^-- case:/m).slice(1);
  return cases.map((whole) => whole.split(/^-- settles:/m)[0]);
}
