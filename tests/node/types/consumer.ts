// Compiled against the package by types.test.mjs, never run: what a TypeScript project may write,
// and what its compiler must refuse.
import init, { Workspace, type Finding, type Review, type Severity, type Side } from "schemaward";

await init();

const side: Side = "documented";
const workspace = new Workspace();
workspace.setSource(side, "schema.sql", "CREATE TABLE patients (id uuid PRIMARY KEY);");
workspace.setSource("implemented", "dump.sql", "");
workspace.removeSource("dump.sql");
workspace.setStandard('profile = "hipaa"');

const review: Review = workspace.review({ id: "01KETJZQ4T8Y3V5W6X7Z8A9B0C", date: "2026-01-13" });
const again: Review = workspace.review();
const text: string = workspace.render("markdown");
const opened: Workspace = Workspace.open(workspace.link());

const worst: Finding[] = review.findings.filter((finding) => finding.severity === "critical");
const severities: Severity[] = worst.map((finding) => finding.severity);
const tables: (string | null)[] = review.waived.map((waived) => waived.table ?? waived.until);
const verdicts = review.tables.flatMap((table) => Object.values(table.controls)).map((c) => c.verdict);
const skipped: string | undefined = again.drift_skipped;
export { opened, severities, skipped, tables, text, verdicts };

// @ts-expect-error A side is one of two words.
workspace.setSource("left", "schema.sql", "");
// @ts-expect-error A stamp holds strings.
workspace.review({ id: 1 });
// @ts-expect-error A stamp holds nothing else.
workspace.review({ day: "2026-01-13" });
// @ts-expect-error There is no such format.
workspace.render("pdf");
// @ts-expect-error A table may be absent.
const table: string = review.findings[0]!.table;
// @ts-expect-error There is no such severity.
const fatal: boolean = worst[0]!.severity === "fatal";
