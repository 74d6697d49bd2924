// main.js BIN PAGE PROJECT : every test in each browser; see run.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Visit, launch } from "./browser.js";
import { tests } from "./tests.js";

const [bin, file, project] = process.argv.slice(2);
const count = { passed: 0, failed: 0, skipped: 0 };
const only = process.env.ONLY;

for (const kind of ["chrome", "firefox"]) {
  let opened;
  try {
    opened = await launch(kind);
  } catch (error) {
    console.log(`skipped: ${kind} does not start: ${error.message.split("\n")[0]}`);
    count.skipped += 1;
    continue;
  }
  const scratch = mkdtempSync(join(tmpdir(), "userprep-page-"));
  for (const { name, test, browsers, all, flags } of tests) {
    if (browsers && !browsers.includes(kind)) continue;
    if (only && !`${kind}: ${name}`.includes(only)) continue;
    if (all && process.env.TESTS !== "all") {
      console.log(`skipped  ${kind}: ${name}: it is part of tests/run --all`);
      count.skipped += 1;
      continue;
    }
    const began = Date.now();
    const visits = [];
    const own = flags && await launch(kind, flags);
    const open = async (options) => {
      visits.push(await Visit.open(own ?? opened, pathToFileURL(file).href, options));
      return visits.at(-1);
    };
    try {
      await test({ open, bin, project, scratch, kind, browser: opened.browser });
      for (const visit of visits) {
        const faults = [...visit.errors, ...visit.strangers()];
        if (faults.length > 0) throw new Error(`errors or requests of the page: ${faults.join(", ")}`);
      }
      count.passed += 1;
      console.log(`passed  ${kind}: ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      count.failed += 1;
      console.log(`FAILED  ${kind}: ${name}\n        ${error.stack.replaceAll("\n", "\n        ")}`);
      if (process.env.PICTURES && visits.length > 0) await visits.at(-1).picture(`failed-${kind}-${count.failed}`).catch(() => {});
    }
    for (const visit of visits) await visit.close().catch(() => {});
    await own?.browser.close();
  }
  await opened.browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed === 0 ? 0 : 1);
