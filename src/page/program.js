// The program, as the page calls it: each run in a worker of its own, which ends with the run.

// Somebody has cancelled the run, or a newer one of its kind took its place.
export class Cancelled extends Error {}

// The run ended where it should not: out of memory, or an internal fault.
export class Broken extends Error {
  constructor({ isMemory, what }) {
    super(what);
    this.isMemory = isMemory;
  }
}

const text = (id) => document.getElementById(id).textContent;
const workerUrl = URL.createObjectURL(new Blob([text("worker")], { type: "text/javascript" }));
const NOW = new URLSearchParams(location.search).get("now");
const PROGRESS = /^([\p{L} ]+): (\d+)%, /u;
const WITHOUT_END = /^[\p{L} ]+ …$/u;

// The program, which is packed with gzip and base64 in this file. Fails where a browser, or its policy, cannot run it.
export const compiled = (async () => {
  const packed = atob(text("program").trim());
  document.getElementById("program").remove();
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
})();

// What is running of each kind: how to stop it.
const running = new Map();

// Ends what is running of that kind.
export function cancel(kind) {
  running.get(kind)?.();
}

async function work(kind, message, heard = () => {}) {
  cancel(kind);
  const worker = new Worker(workerUrl);
  try {
    return await new Promise((resolve, reject) => {
      running.set(kind, () => reject(new Cancelled()));
      worker.onmessage = ({ data }) => {
        if (data.said !== undefined) heard(data.said);
        else if (data.failed) reject(new Broken(data.failed));
        else resolve(data.ended);
      };
      worker.onerror = (event) => reject(new Broken({ isMemory: false, what: event.message }));
      worker.postMessage(message);
    });
  } finally {
    worker.terminate();
  }
}

// Runs the program with these arguments in a folder with these files (a map from path to Blob), and gives its exit code,
// its words and what it has written. `reached` gets the name of each pass and its percentage.
export async function run(kind, args, files, reached = () => {}) {
  const time = NOW === null ? new Date() : new Date(NOW);
  const environment = [`SOURCE_DATE_EPOCH=${Math.floor(time / 1000)}`];
  const heard = (piece) => {
    const progress = piece.split("\n").map((line) => PROGRESS.exec(line)).findLast((found) => found);
    if (progress) reached(progress[1], Number(progress[2]));
  };
  const all = [...args, "--progress", "always"];
  const message = { program: await compiled, args: all, environment, files: [...files], time };
  const ended = await work(kind, message, heard);
  const isProgress = (line) => PROGRESS.test(line) || WITHOUT_END.test(line);
  return { ...ended, err: ended.err.split("\n").filter((line) => !isProgress(line)).join("\n") };
}

// The files of a run's zip below a folder of that name; none if it is not the zip of a run.
export function unzip(file, name) {
  return work("unzip", { unzip: { file, name } });
}
