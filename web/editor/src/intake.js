// Files from the reader's disk: single ones, folders, zips. What is wanted, and what is said about the rest, is decided by
// the page; this walks, unpacks and reads, and never holds up the page for long.
import { Unzip, UnzipInflate } from "fflate";

/** How many bytes of a zip are unpacked at once. Deflate packs at most 1,032 times, so that no step makes more than 8 MB. */
const SLICE = 8 * 1024;
/** How long this works before the page has its turn, in milliseconds. */
const TURN = 12;
/** From how many unpacked bytes on the ratio of a zip is judged. */
const JUDGED = 1_000_000;

/** Ends everything: nothing is opened. */
class Stop extends Error {
  constructor(why, path, count = 0) {
    super(why);
    Object.assign(this, { why, path, count });
  }
}

/**
 * Reads `items`: files, entries of a drop, handles of a picker. `limits` are
 * `{ visited, files, file, total, zip, ratio }`: how many entries are looked at, how many files are taken, the bytes of
 * one, of all, of a zip, and how many times larger than itself what a zip holds may be. `isWanted(path)` says whether a
 * file of a folder or a zip is read, `isSkipped(name)` whether a folder is passed over, `onProgress(count)` is told how
 * many files were looked at and answers whether to go on.
 *
 * Answers `{ files, left, ignored, stopped }`: files with their bytes by path, those left out with the reason, how many
 * were passed over because nobody wants them, and what ended it all, if anything did.
 */
export async function gather(items, limits, calls) {
  const gathering = new Gathering(limits, calls);
  // A folder that was chosen comes as a list of all its files: environments are known before they are read.
  for (const { webkitRelativePath } of items) gathering.notice(webkitRelativePath ?? "");
  try {
    for (const item of items) await gathering.add(item, "", false);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { why, path, count } = error;
    return { files: [], left: [], ignored: 0, stopped: { why, path, count } };
  }
  const byPath = (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  const { files, left, ignored } = gathering.harvest();
  return { files: files.sort(byPath), left: left.sort(byPath), ignored, stopped: undefined };
}

/** Lets the reader choose files or a folder; nothing when the reader thinks better of it. */
export async function pick(folder) {
  try {
    return folder ? [await window.showDirectoryPicker()] : await window.showOpenFilePicker({ multiple: true });
  } catch (error) {
    if (error.name === "AbortError") return [];
    throw error;
  }
}

class Gathering {
  files = [];
  left = [];
  ignored = 0;
  #visited = 0;
  #total = 0;
  #limits;
  #calls;
  #since = performance.now();
  /** Folders of virtual environments of Python, whatever they are called, with a slash at the end. */
  #environments = new Set();

  constructor(limits, calls) {
    this.#limits = limits;
    this.#calls = calls;
  }

  /** Looks at a path for what says that its folder is a virtual environment. */
  notice(path) {
    if (path.endsWith("/pyvenv.cfg")) this.#environments.add(path.slice(0, -"pyvenv.cfg".length));
  }

  #isInEnvironment(path) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
      if (this.#environments.has(path.slice(0, at + 1))) return true;
    }
    return false;
  }

  /** What was taken, less what turned out to be in an environment: zips say it in any order. */
  harvest() {
    const outside = ({ path }) => !this.#isInEnvironment(path);
    const [files, left] = [this.files.filter(outside), this.left.filter(outside)];
    const inside = this.files.length + this.left.length - files.length - left.length;
    return { files, left, ignored: this.ignored + inside };
  }

  /** Takes in a file, a folder or what it is called; `inside` says that it came with a folder or a zip. */
  async add(item, folder, inside) {
    if (item instanceof File) {
      const path = item.webkitRelativePath || folder + item.name;
      const within = inside || item.webkitRelativePath !== "";
      const parents = path.split("/").slice(0, -1);
      const skipped = parents.some((name) => this.#calls.isSkipped(name)) || this.#isInEnvironment(path);
      if (within && skipped) this.ignored += 1;
      else await this.#file(path, item, within);
      return;
    }
    // An entry of a drop has a path of its own, but browsers disagree on what it starts with.
    const path = folder + item.name;
    if (item.isFile || item.kind === "file") {
      await this.#visit(path);
      if (inside && !this.#calls.isWanted(path)) {
        this.ignored += 1;
        return;
      }
      try {
        const file = item.getFile ? await item.getFile() : await new Promise((ok, no) => item.file(ok, no));
        await this.#file(path, file, inside, true);
      } catch (error) {
        this.#leave(error, path);
      }
    } else {
      await this.#folder(item, path);
    }
  }

  async #folder(item, path) {
    let entries = [];
    try {
      entries = item.createReader ? await listed(item, () => this.#visit(path)) : await Array.fromAsync(item.values());
    } catch (error) {
      this.#leave(error, path);
      return;
    }
    if (entries.some(({ name }) => name === "pyvenv.cfg")) {
      this.ignored += entries.length;
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const isFolder = entry.isDirectory || entry.kind === "directory";
      if (isFolder && this.#calls.isSkipped(entry.name)) this.ignored += 1;
      else await this.add(entry, `${path}/`, true);
    }
  }

  async #file(path, file, inside, visited = false) {
    if (!visited) await this.#visit(path);
    if (!inside && (/\.zip$/i.test(path) || (await isZip(file)))) {
      await this.#zip(path, file);
      return;
    }
    if (inside && !this.#calls.isWanted(path)) {
      this.ignored += 1;
      return;
    }
    if (file.size > this.#limits.file) {
      this.left.push({ path, why: "large", size: file.size, detail: "" });
      return;
    }
    try {
      this.#take(path, new Uint8Array(await file.arrayBuffer()), file.size);
    } catch (error) {
      this.#leave(error, path);
    }
  }

  #take(path, bytes, size) {
    if (this.files.length >= this.#limits.files) throw new Stop("files", path, this.#limits.files);
    this.#total += size;
    if (this.#total > this.#limits.total) throw new Stop("total", path, this.#total);
    this.files.push({ path, bytes });
  }

  async #zip(path, file) {
    if (file.size > this.#limits.zip) {
      this.left.push({ path, why: "large", size: file.size, detail: "" });
      return;
    }
    const before = { taken: this.files.length, ignored: this.ignored, left: this.left.length };
    const folder = `${path.replace(/\.zip$/i, "")}/`;
    let unpacked = 0;
    const unzip = new Unzip((entry) => {
      this.#count(path);
      const name = clean(entry.name);
      const parts = name.split("/");
      const skipped = parts.slice(0, -1).some((part) => this.#calls.isSkipped(part));
      if (name.endsWith("/") || name === "") return;
      const inner = folder + name;
      this.notice(inner);
      if (skipped || !this.#calls.isWanted(inner)) {
        this.ignored += 1;
        return;
      }
      const chunks = [];
      let size = 0;
      entry.ondata = (error, chunk, final) => {
        if (error) throw error;
        size += chunk.length;
        unpacked += chunk.length;
        if (unpacked > JUDGED && unpacked > file.size * this.#limits.ratio) throw new Stop("bomb", path, unpacked);
        if (unpacked > this.#limits.total) throw new Stop("total", path, unpacked);
        if (size <= this.#limits.file) chunks.push(chunk);
        if (!final) return;
        if (size > this.#limits.file) this.left.push({ path: inner, why: "large", size, detail: "" });
        else this.#take(inner, joined(chunks, size), size);
      };
      entry.start();
    });
    unzip.register(UnzipInflate);
    try {
      const reader = file.stream().getReader();
      for (let done = false; !done;) {
        const part = await reader.read();
        done = part.done;
        const bytes = part.value ?? new Uint8Array();
        for (let at = 0; at < bytes.length; at += SLICE) {
          unzip.push(bytes.subarray(at, at + SLICE));
          await this.#turn();
        }
      }
      unzip.push(new Uint8Array(), true);
    } catch (error) {
      // What it gave before it turned out to be damaged is not trusted either.
      if (!(error instanceof Stop)) this.files.length = before.taken;
      if (error instanceof Stop || error.name === "NotReadableError") this.#leave(error, path);
      else this.left.push({ path, why: "zip", size: file.size, detail: String(error.message) });
      return;
    }
    if (this.files.length === before.taken && this.left.length === before.left) {
      const empty = this.ignored === before.ignored;
      this.left.push({ path, why: empty ? "zip" : "nothing", size: file.size, detail: "" });
    }
  }

  #count(path) {
    this.#visited += 1;
    if (this.#visited > this.#limits.visited) throw new Stop("visited", path, this.#limits.visited);
  }

  async #visit(path) {
    this.#count(path);
    await this.#turn();
  }

  /** Gives the page its turn when this has worked for a while. */
  async #turn() {
    if (performance.now() - this.#since < TURN) return;
    if (!this.#calls.onProgress(this.#visited)) throw new Stop("cancelled", "");
    await new Promise((resolve) => { setTimeout(resolve); });
    this.#since = performance.now();
  }

  #leave(error, path) {
    if (error instanceof Stop) throw error;
    this.left.push({ path, why: "unreadable", size: 0, detail: String(error?.message ?? error) });
  }
}

/** All entries of a dropped folder; browsers hand out a hundred at a time. */
async function listed(folder, visit) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((ok, no) => { reader.readEntries(ok, no); });
    if (some.length === 0) return all;
    all.push(...some);
    await visit();
  }
}

async function isZip(file) {
  if (file.size < 22) return false;
  try {
    const [p, k, three, four] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    return p === 0x50 && k === 0x4b && three === 3 && four === 4;
  } catch {
    // Whether it can be read is found out, and said, by who reads it.
    return false;
  }
}

/** The name of an entry as a path below its zip, whatever it says. */
function clean(name) {
  const parts = name.replaceAll("\\", "/").split("/");
  const kept = parts.filter((part, index) => part !== "." && part !== ".." && (part !== "" || index === parts.length - 1));
  return kept.join("/");
}

function joined(chunks, size) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
