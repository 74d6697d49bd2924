// Small helpers for elements and for the program's words.
export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// An element with properties, attributes (`data-…`, `aria-…`) and children.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const KINDS = [
  ["error", /^(?:.*: )?(?:error|erreur)(?:\[[\w-]+\])?\s?:/],
  ["warning", /^(?:.*: )?(?:warning|avertissement)(?:\[[\w-]+\])?\s?:/],
  ["help", /^(?:help|aide)\s?:/],
];

// What the program says, with errors, warnings and advice marked.
export function messages(text) {
  const lines = text.trim().split("\n").map((line) => {
    const kind = KINDS.find(([, pattern]) => pattern.test(line))?.[0];
    return kind ? make("span", { className: kind }, `${line}\n`) : `${line}\n`;
  });
  return make("pre", { className: "messages", tabIndex: 0 }, ...lines);
}

// Copies what stands before a button.
export async function copy(button, copied) {
  const element = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    getSelection().selectAllChildren(element);
    document.execCommand("copy");
  }
  const label = button.textContent;
  button.textContent = copied;
  setTimeout(() => { button.textContent = label; }, 1500);
}
