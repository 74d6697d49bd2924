// The doors beside the wizard: verify, undo, audit and check.
import { $, make, messages } from "./dom.js";
import { checked } from "./findings.js";
import { Folder, Refused, chosen, flags } from "./inputs.js";
import { say } from "./words.js";
import { language } from "./wizard.js";

// Their fields: name, words, whether several files are taken.
const FIELDS = {
  verify: [["verify-run", "run-zip"], ["verify-against", "against", true], ["verify-pools", "known-pools", true]],
  undo: [["undo-run", "run-zip"], ["undo-against", "against", true], ["undo-pools", "known-pools", true]],
  audit: [["audit-inputs", "inputs", true], ["audit-pools", "known-pools", true]],
  check: [["check-files", "files", true]],
};

export const DOORS = Object.keys(FIELDS);

export function build() {
  for (const door of DOORS) {
    const fields = FIELDS[door].map(([name, words, areMany]) => {
      const hint = make("p", { className: "hint", id: `${name}-hint`, "data-t": `${words}-hint` });
      const input = make("input", { type: "file", id: name, name, multiple: areMany ?? false, "aria-describedby": hint.id });
      if (words === "run-zip") input.accept = ".zip";
      const label = make("label", { htmlFor: name, "data-t": words });
      return make("div", { className: "drop", "data-drop": name }, label, hint, input, make("ul", { className: "chosen", "data-files": name }));
    });
    const fix = make("p", { className: "check-line" },
      make("label", {}, make("input", { type: "checkbox", name: "fix" }), make("span", { "data-t": "fix" })));
    const start = make("button", { type: "button", className: "primary", name: `start-${door}`, "data-t": `start-${door}` });
    $(`section[data-door="${door}"]`).append(
      make("h2", { id: `${door}-title`, tabIndex: -1, "data-t": `door-${door}` }),
      make("p", { "data-t": `${door}-lead` }),
      ...fields,
      ...(door === "audit" ? [fix] : []),
      ...(door === "check" ? [make("div", { className: "detected", "aria-live": "polite" })] : [make("p", { className: "buttons" }, start)]),
      make("div", { className: "messages-box", role: "alert" }),
    );
  }
}

export function complain(door, error) {
  const box = $(`section[data-door="${door}"] .messages-box`);
  box.replaceChildren(...(error === null ? [] : [messages(error.message)]));
}

// The command of a door, and the folder that it runs in.
export async function command(door) {
  const folder = new Folder();
  const pools = async () => flags("--pools", await folder.putAll(chosen(`${door}-pools`)));
  if (door === "audit") {
    const inputs = await folder.putAll(chosen("audit-inputs"));
    if (inputs.length === 0) throw new Refused(say("no-inputs"));
    const fix = $('[name="fix"]').checked ? ["--fix"] : [];
    return { folder, args: ["audit", ...inputs, ...(await pools()), ...fix, ...language(), "--out", "audit1"] };
  }
  const [zip] = chosen(`${door}-run`);
  if (zip === undefined) throw new Refused(say("no-zip"));
  const subject = await folder.putRun(zip);
  const against = await folder.putAll(chosen(`${door}-against`));
  if (against.length === 0) throw new Refused(say("no-against"));
  const out = folder.free(door === "verify" ? "rest1" : "undo1");
  return { folder, args: [door, subject, "--against", ...against, ...(await pools()), ...language(), "--out", out] };
}

// What `check` finds in each file, in place.
export async function check() {
  const shown = $('section[data-door="check"] .detected');
  shown.replaceChildren();
  for (const file of chosen("check-files")) {
    const card = make("div", { className: "file" }, make("h3", {}, file.name), make("p", { className: "hint" }, say("reading")));
    shown.append(card);
    card.replaceWith(await checked("check", file, [], (_, percent) => { $(".hint", card).textContent = say("reading-at", percent); }));
  }
}
