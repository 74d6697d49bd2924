// Searching, filtering and sorting of the users. Without it every row is there, those who need a decision first.
"use strict";
document.documentElement.classList.add("script");
addEventListener("DOMContentLoaded", () => {
  const PAGE = 100;
  const $ = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language);
  const collator = new Intl.Collator(language, { numeric: true });
  // Who searches for "jurgen" finds Jürgen.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Paper has no buttons: it gets all that is folded away, and all that match; of a large run the first who need attention.
  const isLarge = document.body.classList.contains("many");
  addEventListener("beforeprint", () => all("section > div > details").forEach((details) => { details.open = true; }));
  // A page that shows the report in a frame of its own has a button that prints it.
  addEventListener("message", ({ data }) => { if (data === "print") print(); });

  for (const button of all(".command button")) {
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      const text = button.previousElementSibling;
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        document.execCommand("copy");
      }
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }

  const body = $("tbody");
  if (!body) return;
  const FILTERS = { status: "s", pool: "p", rule: "r", code: "c" };
  const users = [...body.rows].map((row) => ({ row, text: plain(row.textContent), data: row.dataset }));
  const KEYS = {
    status: (user) => user.data.s,
    user: (user) => user.row.cells[1].textContent,
    uri: (user) => user.row.cells[2].textContent,
    pool: (user) => user.data.p + " " + user.data.r,
    code: (user) => user.data.c || "~" + user.row.cells[4].textContent,
    seq: (user) => Number(user.data.n),
  };
  let order = users;
  let matching = users;
  let shown = [];
  let limit = PAGE;

  function show(count) {
    limit = count;
    for (const user of shown) user.row.classList.remove("shown");
    shown = matching.slice(0, limit);
    for (const user of shown) user.row.classList.add("shown");
    body.prepend(...shown.map((user) => user.row));
    const output = $("output");
    const numbers = { shown: number.format(shown.length), matching: number.format(matching.length) };
    output.value = matching.length === 0 ? output.dataset.none
      : output.dataset.shown.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
    $("#more").hidden = $("#every").hidden = shown.length === matching.length;
  }

  function filter() {
    const words = plain($("#search").value).split(/\s+/).filter(Boolean);
    const wanted = all("select").filter((select) => select.value !== "").map((select) => [FILTERS[select.dataset.by], select.value]);
    matching = order.filter((user) =>
      wanted.every(([key, value]) => user.data[key] === value) && words.every((word) => user.text.includes(word)));
    show(PAGE);
  }

  function sort(heading) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of all("th[aria-sort]")) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const key = KEYS[heading.dataset.sort];
    const keyed = users.map((user) => [key(user), user]);
    const compare = heading.dataset.sort === "seq" ? (a, b) => a[0] - b[0] : (a, b) => collator.compare(a[0], b[0]);
    keyed.sort((a, b) => descending ? compare(b, a) : compare(a, b));
    order = keyed.map(([, user]) => user);
    filter();
  }

  for (const select of all("select")) {
    const key = FILTERS[select.dataset.by];
    const label = new Map(users.map((user) => [user.data[key], key === "s" ? user.row.cells[0].textContent : user.data[key]]));
    const values = [...label.keys()].filter(Boolean).sort(collator.compare);
    for (const value of values) select.add(new Option(label.get(value), value));
    select.disabled = values.length === 0;
    select.addEventListener("change", filter);
  }
  for (const heading of all("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.append(button);
  }
  for (const link of all("a[data-status]")) {
    link.addEventListener("click", () => {
      $("#search").value = "";
      for (const select of all("select")) select.value = "";
      $("#by-status").value = link.dataset.status;
      if (link.dataset.code) $("#by-code").value = link.dataset.code;
      filter();
    });
  }
  const controls = $(".controls");
  controls.hidden = $(".pager").hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("reset", () => setTimeout(filter));
  $("#search").addEventListener("input", filter);
  $("#more").addEventListener("click", () => show(limit + PAGE));
  $("#every").addEventListener("click", () => show(matching.length));
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, select")) {
      event.preventDefault();
      $("#search").focus();
    }
  });
  addEventListener("beforeprint", () => {
    const isWhole = matching.length === users.length;
    document.body.classList.toggle("many", isLarge && isWhole);
    show(isLarge && isWhole ? PAGE : matching.length);
  });
  show(PAGE);
});
