// The files that the user has chosen, and the folder that the program finds them in.
import { $, all, make } from "./dom.js";
import { unzip } from "./program.js";
import { say } from "./words.js";

// What the page itself refuses: nothing chosen, or what has no name of its own.
export class Refused extends Error {}

// The files of a field, by its name.
export function chosen(name) {
  return [...$(`input[type="file"][name="${name}"]`).files];
}

function choose(input, files) {
  const list = new DataTransfer();
  files.forEach((file) => list.items.add(file));
  input.files = list.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// Shows the files of each field with a button that removes one.
export function list(input) {
  const shown = $(`[data-files="${input.name}"]`);
  shown.replaceChildren(...[...input.files].map((file, at) => {
    const remove = make("button", { type: "button", textContent: say("remove"), "aria-label": say("remove-file", file.name) });
    remove.addEventListener("click", () => {
      choose(input, [...input.files].filter((_, other) => other !== at));
      input.focus();
    });
    return make("li", {}, make("span", {}, file.name), remove);
  }));
}

// Lets files be dropped on their field.
export function acceptDrops() {
  const zones = all("[data-drop]");
  for (const zone of zones) {
    const input = $("input", zone);
    input.addEventListener("change", () => list(input));
    zone.addEventListener("dragover", () => zone.classList.add("over"));
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      zone.classList.remove("over");
      const dropped = [...event.dataTransfer.files];
      const names = new Set(dropped.map((file) => file.name));
      const kept = input.multiple ? [...input.files].filter((file) => !names.has(file.name)) : [];
      choose(input, [...kept, ...dropped.slice(0, input.multiple ? undefined : 1)]);
    });
  }
  // A file that misses the field must not replace the page.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
}

const unzipped = new WeakMap();

// The current folder of the program: files by their paths.
export class Folder {
  files = new Map();

  // Puts a file there, and gives the name to type.
  put(file, name = file.name) {
    const path = name.replaceAll("/", "_");
    const other = this.files.get(path);
    const isSame = other && other.size === file.size && other.lastModified === file.lastModified;
    if (other && !isSame) throw new Refused(say("same-name", path));
    this.files.set(path, file);
    return path.startsWith("-") ? `./${path}` : path;
  }

  // Puts a text there under a name that is free, and gives the name.
  write(text, name) {
    const free = this.free(name);
    this.files.set(free, new Blob([text]));
    return free;
  }

  // Puts the run of a zip there, and gives the name of its folder.
  async putRun(file) {
    const name = file.name.replace(/( ?\(\d+\))?\.zip$/i, "").replaceAll("/", "_") || "run";
    if (!unzipped.has(file)) unzipped.set(file, await unzip(file, name));
    const entries = unzipped.get(file);
    if (entries.length === 0) throw new Refused(say("no-run", file.name));
    entries.forEach(([path, blob]) => this.files.set(path, blob));
    return name;
  }

  // Exports, and runs as zips.
  async putAll(files) {
    const names = [];
    for (const file of files) names.push(/\.zip$/i.test(file.name) ? await this.putRun(file) : this.put(file));
    return names;
  }

  // A name with a number, or with the next one, that nothing has.
  free(name) {
    const [, stem, number, ending] = /^(.*?)(\d*)(\.\w+)?$/.exec(name);
    const isTaken = (path) => [...this.files.keys()].some((other) => other === path || other.startsWith(`${path}/`));
    for (let at = Number(number || 1), path = name; ; at++, path = `${stem}${at}${ending ?? ""}`) {
      if (!isTaken(path)) return path;
    }
  }
}

// A flag for each value.
export const flags = (flag, values) => values.flatMap((value) => [flag, value]);

// A word for a command line: in quotes if a shell would divide it.
export function quoted(word) {
  return /^[\w.,:=@%+/\\-]+$/.test(word) ? word : `"${word.replace(/["$`]/g, "\\$&")}"`;
}
