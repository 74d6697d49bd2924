// What `check` finds in a file, as a card.
import { make } from "./dom.js";
import { Folder, flags } from "./inputs.js";
import { run } from "./program.js";
import { currentLanguage, say } from "./words.js";

// How many findings are shown.
const MOST = 20;

// Checks a file and gives its card; of a configuration, what it means.
export async function checked(kind, file, pools, reached) {
  const folder = new Folder();
  const name = folder.put(file);
  const isConfiguration = /\.toml$/i.test(name);
  const known = isConfiguration ? flags("--pools", await folder.putAll(pools.filter((pool) => pool !== file))) : [];
  const french = currentLanguage() === "fr" ? ["--language", "fr"] : [];
  const asked = isConfiguration ? [] : ["--format", "json"];
  const ended = await run(kind, ["check", name, ...known, ...asked, ...french], folder.files, reached);
  if (isConfiguration) return card(name, ended.code !== 0, make("pre", { tabIndex: 0 }, (ended.out + ended.err).trim()));
  let found;
  try {
    [found] = JSON.parse(ended.out).files;
  } catch {
    return card(name, true, make("pre", { tabIndex: 0 }, (ended.err || ended.out).trim()));
  }
  const { errors, warnings, findings, records } = found;
  const form = [found.format.toUpperCase(), found.delimiter && say("delimiter", found.delimiter)].filter(Boolean).join(", ");
  const entries = records.entries + records.changes;
  const sum = found.format ? say("file-sum", form, found.encoding, entries) : "";
  const faults = errors + warnings > 0 ? say("faults", errors, warnings) : say("no-fault");
  const list = findings.slice(0, MOST).map(finding);
  const more = findings.length > MOST ? make("p", { className: "hint" }, say("first-findings", MOST, findings.length)) : null;
  const details = findings.length === 0 ? null
    : make("details", { open: errors > 0 }, make("summary", {}, say("findings", findings.length)), more, ...list);
  return card(name, errors > 0, make("p", {}, [sum, faults].filter(Boolean).join(" · ")), details);
}

function card(name, isBad, ...children) {
  return make("div", { className: `file${isBad ? " bad" : ""}` }, make("h3", {}, name), ...children);
}

function finding({ severity, code, line, column, what, notes, help }) {
  const where = line > 0 ? `${say("line", line)}:${column} ` : "";
  return make("div", { className: `finding ${severity}` },
    make("span", { className: "where" }, where), make("strong", {}, what), " ", make("span", { className: "code" }, code),
    ...notes.map((note) => make("div", { className: "hint" }, note)),
    help ? make("div", { className: "hint" }, help) : null);
}
