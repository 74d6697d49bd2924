// Runs the program once: arguments and files in, exit code, words and files out.
import { WASI } from "@bjorn3/browser_wasi_shim";
import { unzipSync, Zip, ZipDeflate } from "fflate";
import { currentFolder, Pipe, written } from "./files.js";

onmessage = ({ data }) => {
  try {
    postMessage({ ended: data.unzip ? unzipped(data.unzip) : run(data) });
  } catch (error) {
    postMessage({ failed: { isMemory: isMemory(error), what: String(error) } });
  }
};

function run({ program, args, environment, files, time }) {
  const folder = currentFolder(files);
  const said = { out: "", err: "" };
  const stream = (name) => {
    const decoder = new TextDecoder();
    return new Pipe((bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      said[name] += text;
      if (name === "err") postMessage({ said: text });
    });
  };
  const streams = [new Pipe(), stream("out"), stream("err")];
  const wasi = new WASI(["userprep", ...args], environment, [...streams, folder], { debug: false });
  const instance = new WebAssembly.Instance(program, { wasi_snapshot_preview1: wasi.wasiImport });
  let code;
  let fault;
  try {
    code = wasi.start(instance);
  } catch (error) {
    // What the program writes before it ends in the middle says why.
    fault = new Error(`${error}\n${said.err}`);
  }
  if (/memory allocation of|\[out-of-memory\]/.test(said.err)) fault = new RangeError("out of memory");
  if (fault) throw fault;
  const outputs = written(folder.dir).map(([path, file]) => [path, new Blob(file.parts())]);
  const directory = outputs.map(([path]) => path).find((path) => path.includes("/"))?.split("/")[0];
  const zip = directory && zipped(written(folder.dir), `${directory}/`, time);
  return { code, out: said.out, err: said.err, files: outputs, directory, zip };
}

// A zip of the files below a folder.
function zipped(files, folder, time) {
  const parts = [];
  // A zip knows no earlier year.
  const mtime = time.getFullYear() >= 1980 ? time : new Date(1980, 0, 1);
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    parts.push(bytes);
  });
  for (const [path, file] of files.filter(([path]) => path.startsWith(folder))) {
    const entry = new ZipDeflate(path, { level: 6 });
    entry.mtime = mtime;
    zip.add(entry);
    file.parts().forEach((part) => entry.push(part.slice()));
    entry.push(new Uint8Array(), true);
  }
  zip.end();
  return new Blob(parts, { type: "application/zip" });
}

// The files of a run's zip, in a folder of its name; nothing if it is no zip, or holds no run.
function unzipped({ file, name }) {
  const reader = new FileReaderSync();
  let entries;
  try {
    entries = Object.entries(unzipSync(new Uint8Array(reader.readAsArrayBuffer(file))));
  } catch (error) {
    if (isMemory(error)) throw error;
    return [];
  }
  const paths = entries.map(([path]) => path).filter((path) => /(^|\/)manifest\.json$/.test(path));
  const [manifest] = paths.sort((one, other) => one.length - other.length);
  if (manifest === undefined) return [];
  const top = manifest.slice(0, -"manifest.json".length);
  return entries
    .filter(([path]) => path.startsWith(top) && !path.endsWith("/") && !path.split("/").includes(".."))
    .map(([path, bytes]) => [`${name}/${path.slice(top.length)}`, new Blob([bytes])]);
}

function isMemory(error) {
  return /out of memory|allocation|array length|buffer/i.test(String(error));
}
