// Completes names in boxes, copies citations, and lights a node's edges. Pages work without it.
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

for (const network of document.querySelectorAll(".network")) {
  const light = (event) => {
    const node = /over|in$/.test(event.type) ? event.target.closest("[data-node]") : null;
    network.classList.toggle("lit", Boolean(node));
    for (const edge of network.querySelectorAll("[data-ends]")) {
      edge.classList.toggle("lit", Boolean(node) && edge.dataset.ends.split(" ").includes(node.dataset.node));
    }
  };
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) network.addEventListener(type, light);
}

document.querySelectorAll("[data-complete]").forEach((input, box) => {
  const list = document.createElement("ul");
  list.id = `completions-${box}`;
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
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.path = `/${record.type}s/${record.id}`;
    const name = document.createElement("bdi");
    name.textContent = record.name;
    const hint = document.createElement("span");
    hint.textContent = record.hint || record.type;
    item.append(name, hint);
    return item;
  }

  // the search box opens the record; a filter takes its id
  function choose(item) {
    if ("root" in input.dataset) return location.assign(input.dataset.root + item.dataset.path);
    input.value = item.dataset.path.split("/").pop();
    asked = "";
    show(false);
  }

  async function complete() {
    const text = input.value.trim();
    asked = text;
    if (!text) return show(false);
    const url = `${input.dataset.complete}&q=${encodeURIComponent(text.slice(0, 200))}`;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
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
    if (item) choose(item);
  });
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "Enter" && selected >= 0) choose(list.children[selected]);
    else if (event.key === "ArrowDown" && count) {
      show(true);
      select((selected + 1) % count);
    } else if (event.key === "ArrowUp" && count) {
      show(true);
      select(selected > 0 ? selected - 1 : count - 1);
    } else return;
    event.preventDefault();
  });
});
