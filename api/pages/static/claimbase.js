// Completes names in the search box, and copies citations. Pages work without it.
"use strict";

for (const url of document.querySelectorAll("[data-url]")) url.textContent = new URL(url.textContent, location).href;
for (const text of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  });
  text.after(button);
}

(() => {
  const input = document.getElementById("q");
  if (!input) return;
  const list = document.createElement("ul");
  list.id = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  })) input.setAttribute(name, value);

  let selected = -1;
  let asked = "";

  function select(index) {
    selected = index;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", n === index));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[index].id);
  }

  function show(open) {
    list.hidden = !open || !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) select(-1);
  }

  function option(record, index) {
    const item = document.createElement("li");
    item.id = `completion-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.href = `${input.dataset.root}/${record.type}s/${record.id}`;
    const name = document.createElement("bdi");
    name.textContent = record.name;
    const hint = document.createElement("span");
    hint.textContent = record.hint || record.type;
    item.append(name, hint);
    return item;
  }

  async function complete() {
    const text = input.value.trim();
    asked = text;
    if (!text) return show(false);
    const query = new URLSearchParams({ q: text.slice(0, 200), limit: "7" });
    try {
      const response = await fetch(`${input.dataset.complete}?${query}`, { headers: { Accept: "application/json" } });
      if (!response.ok || asked !== text) return;
      const { data } = await response.json();
      if (asked !== text) return;
      list.replaceChildren(...data.map(option));
      select(-1);
      show(document.activeElement === input);
    } catch {
      show(false);
    }
  }

  input.addEventListener("input", complete);
  input.addEventListener("blur", () => show(false));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) location.assign(item.dataset.href);
  });
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "Enter" && selected >= 0) location.assign(list.children[selected].dataset.href);
    else if (event.key === "ArrowDown" && count) {
      show(true);
      select((selected + 1) % count);
    } else if (event.key === "ArrowUp" && count) {
      show(true);
      select(selected > 0 ? selected - 1 : count - 1);
    } else return;
    event.preventDefault();
  });
})();
