// The command line beside the page: the same command natively, and what differs.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { unzipSync } from "fflate";
import { NOW } from "./browser.js";

// The words of a command as a shell takes them.
export function words(command) {
  return [...command.matchAll(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g)].map(([word]) =>
    word.replace(/"((?:\\.|[^"\\])*)"/g, (_, text) => text.replace(/\\(["$`])/g, "$1")));
}

export class Native {
  constructor(bin, ...files) {
    this.bin = bin;
    this.folder = mkdtempSync(join(tmpdir(), "userprep-native-"));
    files.forEach((file) => copyFileSync(file, join(this.folder, basename(file))));
  }

  path(name) {
    return join(this.folder, name);
  }

  run(...args) {
    const environment = { ...process.env, SOURCE_DATE_EPOCH: String(Date.parse(NOW) / 1000), LC_ALL: "C.UTF-8" };
    const ran = spawnSync(this.bin, args, { cwd: this.folder, env: environment, encoding: "utf8" });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  }

  // The command that the page shows.
  type(command) {
    const [program, ...args] = words(command);
    if (program !== "userprep") throw new Error(`no command: ${command}`);
    return this.run(...args);
  }

  files(folder) {
    const walk = (at) => readdirSync(at).flatMap((name) => {
      const path = join(at, name);
      return statSync(path).isDirectory() ? walk(path) : [relative(this.folder, path)];
    });
    return walk(this.path(folder)).sort();
  }

  // The names of files that are not the same bytes in a zip and in a folder here.
  differences(zip, folder) {
    const packed = unzipSync(new Uint8Array(zip));
    const ours = this.files(folder);
    const names = new Set([...Object.keys(packed), ...ours]);
    return [...names].filter((name) => !(packed[name] && ours.includes(name) && readFileSync(this.path(name)).equals(packed[name])));
  }

  // Unpacks a zip here.
  unpack(zip) {
    for (const [name, bytes] of Object.entries(unzipSync(new Uint8Array(zip)))) {
      mkdirSync(join(this.folder, name, ".."), { recursive: true });
      writeFileSync(this.path(name), bytes);
    }
  }
}
