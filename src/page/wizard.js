// The six steps of the wizard. What there is to choose from, and what each choice would come to, the program says.
import { $, all, make, messages } from "./dom.js";
import { checked } from "./findings.js";
import { Folder, Refused, chosen, flags, quoted } from "./inputs.js";
import { Cancelled, run } from "./program.js";
import { currentLanguage, say } from "./words.js";

const FORMATS = ["mail", "upn", "first.last", "sam"];
const MANY_BYTES = 1 << 30;
const MANY_USERS = 200_000;

// What the program has offered: of all users, and of those who are selected.
let everybody = null;
let offered = null;
// Whether the user has changed the list of domains.
let areDomainsTyped = false;
// The exports are read anew when others are chosen: what an older reading gives is not shown.
let reading = 0;
let isReading = false;

const value = (name) => $(`[name="${name}"]`).value.trim();
const lines = (name) => value(name).split(/\s*\n\s*|[,;]\s*/).filter((line) => line !== "");
const line = (name) => (value(name) ? [value(name)] : []);
const hasConfig = () => chosen("config").length > 0;
export const language = () => (currentLanguage() === "fr" ? ["--language", "fr"] : []);

// Inputs and how they are read, as every command takes them; the folder holds the files.
async function inputs(folder) {
  const users = await folder.putAll(chosen("inputs"));
  if (users.length === 0) throw new Refused(say("no-inputs"));
  const references = await folder.putAll(chosen("references"));
  return [
    ...users,
    ...flags("--pools", await folder.putAll(chosen("pools"))),
    ...flags("--reference", references),
    ...flags("--absent", value("absent").split(/[\s,;]+/).filter((name) => name !== "")),
    ...(value("encoding") ? ["--encoding", value("encoding")] : []),
  ];
}

// Who takes part.
function selection(folder, made) {
  const list = $('textarea[name="users"]').value;
  const args = flags("--base", all('input[name="base"]:checked').map((box) => box.value));
  if (value("filter")) args.push("--filter", value("filter"));
  if (list.trim()) {
    const name = folder.write(`${list.trim()}\n`, "users.txt");
    made?.push(name);
    args.push("--users", name);
  }
  return args;
}

const pools = () => [...all('input[name="pool"]:checked').map((box) => box.value), ...line("pool-dn")];
const format = () => $('input[name="sip-from"]:checked')?.value ?? "";

function addresses() {
  return [...(format() ? ["--sip-from", format()] : []), ...flags("--sip-domain", lines("sip-domains"))];
}

// What `init` offers; null where a configuration or a list is needed to read the exports, which it does not take.
async function offer(kind, choices, reached) {
  const folder = new Folder();
  const args = ["init", ...(await inputs(folder)), ...choices(folder), "--format", "json", ...language()];
  const ended = await run(kind, args, folder.files, reached);
  const answer = ended.out.startsWith("{") ? JSON.parse(ended.out) : {};
  if ("users" in answer) return { ...answer, refused: ended.code === 0 ? "" : ended.err };
  if (hasConfig() || chosen("join").length > 0) return null;
  throw new Refused(ended.err);
}

// Shows what keeps the user from going on, in the program's own words or the page's.
export function complain(error) {
  if (error instanceof Cancelled) return;
  const box = $("#messages");
  if (error === null) box.replaceChildren();
  else box.replaceChildren(messages(error instanceof Refused ? error.message : String(error.message || error)));
}

// The same of choices, which no longer matter once the run has begun.
function complainOfChoices(error) {
  if ($('section[data-step="status"]').hidden) complain(error);
}

// Says what the chosen files are, and reads what they have to offer.
export async function detect() {
  const round = ++reading;
  everybody = offered = null;
  isReading = chosen("inputs").length > 0;
  complain(null);
  $("#size").hidden = chosen("inputs").reduce((sum, file) => sum + file.size, 0) < MANY_BYTES;
  $("#size").textContent = say("large");
  showChoices();
  checkAll(() => round === reading);
  if (!isReading) return;
  try {
    everybody = await offer("detect", () => []);
  } catch (error) {
    if (round === reading) complainOfChoices(error);
  }
  if (round !== reading) return;
  isReading = false;
  if (everybody?.users > MANY_USERS) $("#size").hidden = false;
  if (!areDomainsTyped && everybody && !hasConfig()) {
    const usual = everybody.domains.filter((domain) => domain.chosen);
    $('[name="sip-domains"]').value = usual.map((domain) => domain.name).join("\n");
  }
  showChoices();
  if (everybody && $('section[data-step="exports"]').hidden) await refresh();
}

// What `check` finds in each file.
async function checkAll(isWanted) {
  const names = ["inputs", "pools", "references", "join", "config"];
  const files = names.flatMap(chosen).filter((file) => !/\.zip$/i.test(file.name));
  const cards = files.map((file) =>
    make("div", { className: "file" }, make("h3", {}, file.name), make("p", { className: "hint" }, say("reading"))));
  $("#detected").replaceChildren(...cards);
  for (const [at, file] of files.entries()) {
    const reached = (_, percent) => { $(".hint", cards[at]).textContent = say("reading-at", percent); };
    const looked = await checked("check-exports", file, chosen("pools"), reached).catch(() => null);
    if (!isWanted()) return;
    if (looked) cards[at].replaceWith(looked);
  }
}

function showChoices() {
  showContainers();
  showPools();
  showFormats();
  showDomains();
}

// Counts anew for the choices at hand.
export async function refresh() {
  // Once the exports have been read, this is called again.
  if (chosen("inputs").length === 0 || isReading) return;
  $("#selected").textContent = say("reading");
  all("#formats .outcome").forEach((element) => { element.textContent = say("reading"); });
  try {
    const choices = (folder) => [...selection(folder), ...flags("--pool", pools()), ...addresses()];
    offered = await offer("offer", choices);
    complain(offered?.refused && !offered.refused.includes("[pool-missing]") ? new Refused(offered.refused) : null);
    $("#selected").textContent = offered ? say("selected", offered.selected) : "";
    showFormats();
    showReady();
  } catch (error) {
    if (error instanceof Cancelled) return;
    $("#selected").textContent = "";
    offered = null;
    showFormats();
    complainOfChoices(error);
  }
}

function showContainers() {
  const box = $("#containers");
  const kept = new Set(all('input[name="base"]:checked').map((input) => input.value));
  const containers = everybody?.containers ?? [];
  if (containers.length === 0) {
    box.replaceChildren(make("p", { className: "hint" }, say(isReading ? "reading" : "no-containers")));
    return;
  }
  const tree = make("ul", { className: "tree" });
  const branches = [];
  for (const { dn, name, parent, users } of containers) {
    const input = make("input", { type: "checkbox", name: "base", value: dn, checked: kept.has(dn) });
    const count = make("span", { className: "count" }, new Intl.NumberFormat(currentLanguage()).format(users));
    const item = make("li", {}, make("label", { className: "choice" }, input, make("span", {}, name), count));
    branches.push(item);
    if (parent === null) tree.append(item);
    else ($("ul", branches[parent]) ?? branches[parent].appendChild(make("ul"))).append(item);
  }
  box.replaceChildren(tree);
}

function showPools() {
  const kept = new Map(all('input[name="pool"]').map((input) => [input.value, input.checked]));
  const known = everybody?.pools ?? [];
  const group = (title, members) => members.length === 0 ? null
    : make("fieldset", {}, make("legend", {}, title), ...members.map((pool) => poolCard(pool, kept)));
  const of = (kind) => known.filter((pool) => pool.kind === kind);
  const groups = [group(say("enterprise"), of("enterprise")), group(say("standard"), of("standard")), group(say("other-pools"), of(null))];
  const note = hasConfig() ? make("p", { className: "notice" }, say("pool-config")) : null;
  const wait = isReading ? make("p", { className: "hint" }, say("reading")) : null;
  $("#pool-choice").replaceChildren(...[wait, note, ...groups].filter(Boolean));
  showShares();
}

function poolCard(pool, kept) {
  const isOnly = everybody.pools.length === 1 && !hasConfig();
  const input = make("input", { type: "checkbox", name: "pool", value: pool.dn, checked: kept.get(pool.dn) ?? isOnly });
  input.dataset.label = pool.label;
  const text = make("span", { className: "text" },
    make("span", {}, make("strong", {}, pool.label), pool.fqdn ? ` ${pool.fqdn}` : ""),
    make("span", { className: "dn" }, say("homed", pool.homed)),
    make("span", { className: "dn" }, pool.dn));
  const number = (key, hint) => make("label", {}, say(key),
    make("input", { type: "number", name: key, min: "1", step: "1", placeholder: hint, inputMode: "numeric" }));
  const share = make("div", { className: "share", hidden: true }, number("weight", "1"), number("capacity", say("no-limit")));
  return make("div", { className: "card" }, make("label", { className: "choice" }, input, text), share);
}

// Weight and capacity concern several pools; a configuration has its own.
export function showShares() {
  const boxes = all('input[name="pool"]');
  const areSeveral = boxes.filter((box) => box.checked).length > 1 && !hasConfig();
  boxes.forEach((box) => { $(".share", box.closest(".card")).hidden = !(areSeveral && box.checked); });
}

function showFormats() {
  const fieldset = $("#formats");
  const names = hasConfig() ? ["", ...FORMATS] : FORMATS;
  // The choices stay where they are while counts come in: somebody may be about to click one.
  if (all("input", fieldset).map((input) => input.value).join() !== names.join()) {
    const usual = names.includes(format()) ? format() : names[0];
    fieldset.replaceChildren($("legend", fieldset), ...names.map((name) => {
      const input = make("input", { type: "radio", name: "sip-from", value: name, checked: name === usual });
      return make("div", { className: "card" }, make("label", { className: "choice" }, input, make("span", { className: "text" })));
    }));
  }
  const counts = (offered ?? everybody)?.signIn ?? [];
  for (const input of all("input", fieldset)) {
    const found = counts.find((one) => one.format === input.value);
    const title = make("span", {}, make("strong", {}, say(input.value || "as-config")),
      found?.example ? ` ${say("such-as", found.example)}` : "");
    $(".text", input.closest(".card")).replaceChildren(title, ...(found ? outcome(found) : []));
  }
}

const sums = ({ get, have, without, missing, malformed, duplicate }) =>
  without > 0 ? say("outcome", get, have, without, missing, malformed, duplicate) : say("outcome-all", get, have);

// What a sign-in name would come to: a bar, and the same in words.
function outcome(found) {
  const { get, have, without, faulty, skipped, needsDomain } = found;
  if (get === undefined) return needsDomain ? [make("span", { className: "outcome" }, say("needs-domain"))] : [];
  const all = Math.max(1, get + have + without);
  const part = (name, users) => {
    const element = make("i", { className: name });
    element.style.width = `${(users / all) * 100}%`;
    return element;
  };
  const meter = make("span", { className: "meter", "aria-hidden": "true" }, part("get", get), part("have", have), part("without", without));
  const rest = faulty + skipped > 0 ? ` ${say("rest", faulty, skipped)}` : "";
  return [meter, make("span", { className: "outcome" }, sums(found) + rest)];
}

function showDomains() {
  const known = everybody?.domains ?? [];
  const number = new Intl.NumberFormat(currentLanguage());
  const cell = (users) => make("td", { className: "n" }, number.format(users));
  const rows = known.map(({ name, sip, mail, upn }) => make("tr", {}, make("td", {}, name), cell(sip), cell(mail), cell(upn)));
  const heads = ["domain", "sip-addresses", "mail-addresses", "upns"].map((key, at) =>
    make("th", { scope: "col", className: at > 0 ? "n" : "" }, say(key)));
  const table = make("table", {}, make("caption", {}, say("known-domains")), make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows));
  $("#known-domains").replaceChildren(...(known.length > 0 ? [table] : []));
}

// The configuration that holds what flags cannot say: weight and capacity. `undefined` if nobody asked for any.
function shares() {
  const cards = all('input[name="pool"]:checked').map((box) => {
    const number = (name) => $(`[name="${name}"]`, box.closest(".card")).value;
    return { dn: box.value, label: box.dataset.label, weight: number("weight"), capacity: number("capacity") };
  });
  if (hasConfig() || !cards.some(({ weight, capacity }) => weight || capacity)) return undefined;
  const table = ({ dn, label, weight, capacity }) =>
    `\n[[pool]]\nlabel = ${JSON.stringify(label)}\ndn = ${JSON.stringify(dn)}\n`
    + (weight ? `weight = ${weight}\n` : "") + (capacity ? `capacity = ${capacity}\n` : "");
  return `version = 1\n${cards.map(table).join("")}`;
}

// The command of the answers, the folder that it runs in, and the files in it that the page has made.
export async function command() {
  const folder = new Folder();
  const read = await inputs(folder);
  const made = [];
  const select = selection(folder, made);
  const config = hasConfig() ? folder.put(chosen("config")[0]) : undefined;
  const shared = shares();
  if (shared !== undefined) made.push(folder.write(shared, "userprep.toml"));
  const file = config ?? (shared !== undefined ? made.at(-1) : undefined);
  const args = [
    "enable", ...read, ...flags("--join", await folder.putAll(chosen("join"))),
    ...(file ? ["--config", file] : []), ...select,
    ...flags("--pool", pools()), ...addresses(), ...language(),
    ...($('[name="dry-run"]').checked ? ["--dry-run"] : []), "--out", folder.free("run1"),
  ];
  return { folder, args, made };
}

// The last page before anything is written.
export async function showReady() {
  try {
    const { folder, args, made } = await command();
    $('output[name="command"]').textContent = ["userprep", ...args.map(quoted)].join(" ");
    $("#made-files").replaceChildren(...made.map((name) => {
      const link = make("a", { href: URL.createObjectURL(folder.files.get(name)), download: name }, name);
      const [before, after] = say("made-file", "\n").split("\n");
      return make("p", { className: "hint" }, before, link, after);
    }));
  } catch (error) {
    complain(error);
  }
  const users = (offered ?? everybody)?.selected;
  const named = all('input[name="pool"]:checked').map((box) => box.dataset.label);
  const labels = [...named, ...line("pool-dn")];
  const way = (offered ?? everybody)?.signIn.find((one) => one.format === format());
  const facts = [
    users === undefined ? null : say("fact-users", users),
    labels.length > 0 ? say("fact-pool", labels.join(", ")) : hasConfig() ? say("fact-pool-config") : null,
    say("fact-address", say(format() || "as-config"), way?.get === undefined ? "" : sums(way)),
    hasConfig() ? null : lines("sip-domains").length > 0 ? say("fact-domains", lines("sip-domains").join(", ")) : say("fact-any"),
    say("fact-files"),
  ];
  $("#facts").replaceChildren(...facts.filter(Boolean).map((fact) => make("li", {}, fact)));
  // Weights and capacities are in the file that the command reads.
  const text = hasConfig() || shares() !== undefined ? null : offered?.configuration;
  $("#configuration").hidden = !text;
  $("#configuration-text").textContent = text ?? "";
}

export function typedDomains() {
  areDomainsTyped = true;
}

// Everything that was written by script, in the language at hand.
export function showAll() {
  showChoices();
  if (chosen("inputs").length > 0) showReady();
}
