// Files for the WASI host: inputs that stay on the disk, outputs that grow in memory.
import { Directory, Fd, Inode, PreopenDirectory, wasi } from "@bjorn3/browser_wasi_shim";

// How much of an input is in memory at a time.
const WINDOW = 1 << 20;
// Outputs grow by this much; one array that grows would be copied at each write.
const CHUNK = 64 << 10;
const REGULAR = wasi.FILETYPE_REGULAR_FILE;
const NOTHING = new Uint8Array();

// What is common to files that are open: a place in them.
class Open extends Fd {
  position = 0;

  constructor(file) {
    super();
    this.file = file;
  }

  fd_fdstat_get() {
    return { ret: 0, fdstat: new wasi.Fdstat(REGULAR, 0) };
  }

  fd_filestat_get() {
    return { ret: 0, filestat: this.file.stat() };
  }

  fd_seek(offset, whence) {
    const from = { [wasi.WHENCE_SET]: 0, [wasi.WHENCE_CUR]: this.position, [wasi.WHENCE_END]: this.file.size }[whence];
    const position = from + Number(offset);
    if (!(position >= 0)) return { ret: wasi.ERRNO_INVAL, offset: 0n };
    this.position = position;
    return { ret: 0, offset: BigInt(position) };
  }

  fd_tell() {
    return { ret: 0, offset: BigInt(this.position) };
  }

  fd_read(size) {
    const { ret, data } = this.file.read(this.position, size);
    this.position += data.length;
    return { ret, data };
  }

  fd_pread(size, offset) {
    return this.file.read(Number(offset), size);
  }

  fd_write(data) {
    const ret = this.file.write(data, this.position);
    if (ret !== 0) return { ret, nwritten: 0 };
    this.position += data.length;
    return { ret, nwritten: data.length };
  }

  fd_pwrite(data, offset) {
    const ret = this.file.write(data, Number(offset));
    return { ret, nwritten: ret === 0 ? data.length : 0 };
  }

  fd_filestat_set_size(size) {
    return this.file.resize(Number(size));
  }
}

class Stored extends Inode {
  stat() {
    return new wasi.Filestat(this.ino, REGULAR, BigInt(this.size));
  }
}

// A file that the user has chosen: read by slices, never written.
class Input extends Stored {
  #window = NOTHING;
  #start = 0;
  #reader = new FileReaderSync();

  constructor(blob) {
    super();
    this.blob = blob;
  }

  get size() {
    return this.blob.size;
  }

  path_open(oflags, rights) {
    const writes = oflags & wasi.OFLAGS_TRUNC || rights & BigInt(wasi.RIGHTS_FD_WRITE);
    return writes ? { ret: wasi.ERRNO_PERM, fd_obj: null } : { ret: 0, fd_obj: new Open(this) };
  }

  read(offset, size) {
    if (offset >= this.size || size === 0) return { ret: 0, data: NOTHING };
    if (offset < this.#start || offset >= this.#start + this.#window.length) {
      try {
        const slice = this.blob.slice(offset, offset + WINDOW);
        this.#window = new Uint8Array(this.#reader.readAsArrayBuffer(slice));
        this.#start = offset;
      } catch {
        // It has been changed or removed since it was chosen.
        return { ret: wasi.ERRNO_IO, data: NOTHING };
      }
    }
    const from = offset - this.#start;
    return { ret: 0, data: this.#window.subarray(from, from + size) };
  }

  write() {
    return wasi.ERRNO_BADF;
  }

  resize() {
    return wasi.ERRNO_BADF;
  }
}

// A file that the program writes.
export class Output extends Stored {
  #chunks = [];
  size = 0;

  path_open(oflags) {
    if (oflags & wasi.OFLAGS_TRUNC) this.resize(0);
    return { ret: 0, fd_obj: new Open(this) };
  }

  read(offset, size) {
    if (offset >= this.size) return { ret: 0, data: NOTHING };
    const from = offset % CHUNK;
    const to = Math.min(from + size, CHUNK, from + this.size - offset);
    return { ret: 0, data: this.#chunks[Math.floor(offset / CHUNK)].subarray(from, to) };
  }

  write(data, offset) {
    this.#reserve(offset + data.length);
    for (let done = 0; done < data.length;) {
      const from = (offset + done) % CHUNK;
      const part = data.subarray(done, done + CHUNK - from);
      this.#chunks[Math.floor((offset + done) / CHUNK)].set(part, from);
      done += part.length;
    }
    this.size = Math.max(this.size, offset + data.length);
    return 0;
  }

  resize(size) {
    this.#reserve(size);
    this.#chunks.length = Math.ceil(size / CHUNK);
    if (size % CHUNK) this.#chunks.at(-1).fill(0, size % CHUNK);
    this.size = size;
    return 0;
  }

  #reserve(size) {
    while (this.#chunks.length * CHUNK < size) this.#chunks.push(new Uint8Array(CHUNK));
  }

  // Its bytes, chunk by chunk.
  parts() {
    return this.#chunks.map((chunk, at) => chunk.subarray(0, Math.min(CHUNK, this.size - at * CHUNK)));
  }
}

// A folder whose new files grow in memory.
class Folder extends Directory {
  create_entry_for_path(path, isFolder) {
    const made = super.create_entry_for_path(path, isFolder);
    if (made.entry === null || isFolder) return made;
    const names = path.split("/").filter((name) => name !== "" && name !== ".");
    const name = names.pop();
    const entry = new Output();
    names.reduce((folder, next) => folder.contents.get(next), this).contents.set(name, entry);
    return { ret: made.ret, entry };
  }
}

// The current folder of the program, with the files of a map from path to Blob.
export function currentFolder(files) {
  const preopened = new PreopenDirectory(".", new Map());
  preopened.dir = new Folder(new Map());
  for (const [path, blob] of files) {
    const names = path.split("/");
    const name = names.pop();
    let folder = preopened.dir;
    for (const next of names) {
      if (!folder.contents.has(next)) folder.contents.set(next, new Directory(new Map()));
      folder = folder.contents.get(next);
    }
    folder.contents.set(name, new Input(blob));
  }
  return preopened;
}

// What the program has written below a folder: pairs of path and file.
export function written(folder, above = "") {
  return [...folder.contents].flatMap(([name, entry]) => {
    if (entry instanceof Output) return [[above + name, entry]];
    return entry instanceof Directory ? written(entry, `${above}${name}/`) : [];
  });
}

// A stream that is no terminal: what is written to it goes to a function, and there is nothing to read.
export class Pipe extends Fd {
  constructor(write = () => {}) {
    super();
    this.write = write;
  }

  fd_fdstat_get() {
    return { ret: 0, fdstat: new wasi.Fdstat(wasi.FILETYPE_UNKNOWN, 0) };
  }

  fd_filestat_get() {
    return { ret: 0, filestat: new wasi.Filestat(0n, wasi.FILETYPE_UNKNOWN, 0n) };
  }

  fd_read() {
    return { ret: 0, data: NOTHING };
  }

  fd_write(data) {
    this.write(data);
    return { ret: 0, nwritten: data.length };
  }
}
