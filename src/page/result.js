// The status page: progress, then what the run has come to and what it has written.
import { $, make, messages } from "./dom.js";
import { Broken, Cancelled, cancel, run } from "./program.js";
import { say } from "./words.js";

// What is offered for download, so that it is not lost by a closed tab, and is freed when another run begins.
let result = null;
let isRunning = false;
let last = null;

export const isUnsaved = () => isRunning || (result !== null && !result.isSaved);

// Runs the command and shows how far it has come, then what it has come to.
export async function execute(args, files, hasNextSteps) {
  forget();
  isRunning = true;
  title(say("working"), "");
  $("#running").hidden = false;
  $("#pass").textContent = "";
  $("#running progress").removeAttribute("value");
  try {
    const ended = await run("run", args, files, (pass, percent) => {
      $("#pass").textContent = say("pass", pass, percent);
      $("#running progress").value = percent;
    });
    await show(ended, hasNextSteps);
  } catch (error) {
    if (error instanceof Cancelled) title(say("cancelled"), say("cancelled-lead"));
    else if (error instanceof Broken && error.isMemory) title(say("memory"), say("memory-lead"));
    else {
      title(say("fault"), say("fault-lead"));
      hear(String(error.message || error), true);
    }
  } finally {
    isRunning = false;
    $("#running").hidden = true;
    $("#status-title").focus();
  }
}

export function stop() {
  cancel("run");
}

// Takes back what the last run has shown.
export function forget() {
  last = null;
  if (result) URL.revokeObjectURL(result.url);
  result = null;
  delete $("main").dataset.exit;
  $("#result").hidden = true;
  $("#said").hidden = true;
  $('iframe[name="report"]').removeAttribute("srcdoc");
  $("#downloads").replaceChildren();
  $("#next-steps").replaceChildren();
}

function title(text, lead) {
  $("#status-title").textContent = text;
  $("#status-lead").textContent = lead;
}

function hear(text, isOpen) {
  $("#said").hidden = text.trim() === "";
  $("#said").open = isOpen;
  $("#said pre").replaceWith(messages(text));
}

async function show(ended, hasNextSteps) {
  last = { ended, hasNextSteps };
  const { code, directory, err, out } = ended;
  title(say(`exit-${code}`), say(`exit-${code}-lead`));
  hear([out, err].filter((text) => text.trim() !== "").join("\n"), directory === undefined);
  $("main").dataset.exit = code;
  if (directory === undefined) return;
  const { files, zip } = ended;
  result = { url: URL.createObjectURL(zip), isSaved: false };
  const name = `${directory}.zip`;
  const link = make("a", { className: "button primary", href: result.url, download: name }, say("download", name));
  link.addEventListener("click", () => { if (result) result.isSaved = true; });
  const saved = make("span", { role: "status" });
  const report = files.find(([path]) => path === `${directory}/report.html`)?.[1];
  const frame = $('iframe[name="report"]');
  frame.hidden = report === undefined;
  const print = make("button", { type: "button", name: "print", textContent: say("print"), hidden: frame.hidden });
  print.addEventListener("click", () => frame.contentWindow.postMessage("print", "*"));
  $("#downloads").replaceChildren(link, ...folderButton(files, saved), print, saved);
  if (report) frame.srcdoc = await report.text();
  if (hasNextSteps && !directory.includes(".")) {
    const steps = ["next-1", "next-2", "next-3"].map((key) => make("li", {}, say(key)));
    $("#next-steps").replaceChildren(make("h3", {}, say("next-title")), make("ol", {}, ...steps));
  }
  $("#result").hidden = false;
}

// The same in another language: the page's words alone, a report keeps its own.
export async function showAgain() {
  if (last === null) return;
  const { isSaved } = result ?? {};
  const { ended, hasNextSteps } = last;
  forget();
  await show(ended, hasNextSteps);
  if (result) result.isSaved = isSaved;
}

// Saving into a folder, where the browser can.
function folderButton(files, saved) {
  if (typeof showDirectoryPicker !== "function") return [];
  const button = make("button", { type: "button", name: "save", textContent: say("save-folder") });
  button.addEventListener("click", async () => {
    try {
      const target = await showDirectoryPicker({ mode: "readwrite" });
      await save(target, files);
      if (result) result.isSaved = true;
      saved.textContent = say("saved", target.name);
    } catch (error) {
      if (error.name !== "AbortError") saved.textContent = say("save-failed", error.message);
    }
  });
  return [button];
}

async function save(target, files) {
  // Nothing that is there is overwritten.
  const [top] = files[0][0].split("/");
  const isTaken = await target.getDirectoryHandle(top).then(() => true, () => false);
  if (isTaken) throw new Error(say("taken", `${target.name}/${top}`));
  try {
    for (const [path, blob] of files) {
      const names = path.split("/");
      const name = names.pop();
      let folder = target;
      for (const next of names) folder = await folder.getDirectoryHandle(next, { create: true });
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await stream.write(blob);
      await stream.close();
    }
  } catch (error) {
    // Half a run must not pass for one.
    await target.removeEntry(top, { recursive: true }).catch(() => {});
    throw error;
  }
}
