// One project at a time, for whoever works on the reader:
//
//     node tests/python/compare.mjs [--project NAME] [--layer models|migrations] [--theirs] [--ours]
//
// prints, for every build that is asked for, what differs from what Python makes: `-` is only Python's,
// `+` only ours. `--theirs` prints what Python makes and compares nothing, `--ours` the SQL we read.
import process from "node:process";
import { parseArgs } from "node:util";

import { Oracle, difference } from "../postgres/oracle.mjs";
import { builds, count, isOfTheSchema, makeInMemory, ours } from "./projects.mjs";

const { values } = parseArgs({
  options: {
    project: { type: "string", multiple: true },
    layer: { type: "string" },
    theirs: { type: "boolean" },
    ours: { type: "boolean" },
  },
});
const asked = (await builds()).filter(
  ({ project, layer }) =>
    (values.project?.includes(project) ?? true) && layer === (values.layer ?? layer),
);

const oracle = new Oracle();
for (const build of asked) {
  try {
    await show(build);
  } catch (error) {
    console.log(`${build.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
await oracle.close();

async function show(build) {
  if (values.ours) {
    console.log(`-- ${build.name}\n${await ours(build)}`);
    return;
  }
  const { made, left } = await makeInMemory(build);
  const counts = Object.entries(count(made)).map(([kind, n]) => `${n} ${kind}`).join(", ");
  for (const row of left ?? []) console.log(`  left by the downgrade: ${row}`);
  if (values.theirs) {
    console.log([`${build.name}: ${counts}`, ...made].join("\n  "));
    return;
  }
  const read = (await oracle.rows(build.name, await ours(build))).filter(isOfTheSchema);
  const { missing, invented } = difference(made, read);
  if (missing.length + invented.length === 0) {
    console.log(`${build.name}: equal: ${counts}`);
    return;
  }
  process.exitCode = 1;
  console.log(`${build.name}: ${missing.length} missing, ${invented.length} invented, of ${counts}`);
  const lines = [...missing.map((row) => `- ${row}`), ...invented.map((row) => `+ ${row}`)];
  // What differs of one thing stands together.
  lines.sort((one, other) => (one.slice(2) < other.slice(2) ? -1 : 1));
  for (const row of lines) console.log(`  ${row.replaceAll("\n", "\n    ")}`);
}
