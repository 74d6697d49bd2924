// build.js PROGRAM FILE : the page as one file, from the parts beside this file and the packed program.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

const [program, file] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const bundled = (name) => {
  const entryPoints = [new URL(name, import.meta.url).pathname];
  const options = { bundle: true, minify: true, format: "iife", charset: "utf8", legalComments: "none", write: false };
  return buildSync({ entryPoints, ...options, target: ["chrome103", "firefox115", "safari16.4"] }).outputFiles[0].text.trim();
};
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const style = read("style.css");
const script = bundled("page.js");
// The report is shown in a frame, which inherits the policy: its style and script are allowed by their hashes.
const report = (name) => hash(read(`report/${name}`));
const policy = [
  "default-src 'none'",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  `script-src ${hash(script)} ${report("page.js")} 'wasm-unsafe-eval' blob:`,
  `style-src ${hash(style)} ${report("page.css")}`,
  "worker-src blob:",
  "frame-src 'self'",
  "img-src data:",
].join("; ");
const parts = { policy, style, script, worker: bundled("worker.js"), program: readFileSync(program).toString("base64") };
const page = read("index.html").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
if (page.length > 4 << 20) throw new Error(`the page has ${page.length} bytes, more than 4 MiB`);
writeFileSync(file, page);
