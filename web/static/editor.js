// The lines of the editor under the hands; without script the same buttons ask the server.
//   Enter  next line, or a new one      Shift-Enter  line break      Alt-↑ Alt-↓  move      +  in an empty line: the catalogue
// Rows are numbered in their order (`lines.2.label`), as the server reads them; the last one is always empty.

const form = document.getElementById("editeur");
const TYPED = ["label", "quantity", "unit_price", "discount"];
const NUMBERED = ["id", "name", "aria-label", "aria-describedby", "value"];

const body = () => form.querySelector("table.lines tbody");
const rowOf = (element) => element.closest?.("table.lines tbody tr");
const cell = (row, part) => row.querySelector(`[name$=".${part}"]`);
const isEmpty = (row) => TYPED.every((part) => !cell(row, part).value.trim());
const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

function renumber() {
  [...body().rows].forEach((row, at) => {
    for (const element of row.querySelectorAll("[name], [id]"))
      for (const name of NUMBERED) {
        if (name === "value" && element.tagName !== "BUTTON") continue;
        const text = element.getAttribute(name);
        if (text) element.setAttribute(name, text.replace(/^(lines\.|somme-|monter-|descendre-|retirer-)\d+|\d+$/, (all, before) => (before ?? "") + (at + 1)));
      }
  });
}

function emptyAfter(row) {
  const fresh = row.cloneNode(true);
  for (const part of [...TYPED, "kept"]) cell(fresh, part).value = "";
  for (const part of ["vat", "nature"]) cell(fresh, part).value = cell(row, part).value;
  cell(fresh, "unit").value = "C62";
  for (const input of fresh.querySelectorAll("input, textarea")) input.readOnly = false;
  for (const message of fresh.querySelectorAll(".refusal")) message.remove();
  for (const input of fresh.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  fresh.querySelector("textarea").textContent = "";
  fresh.querySelector(".sum").textContent = "";
  row.after(fresh);
  renumber();
  return fresh;
}

function keepOneEmpty() {
  const last = body().rows[body().rows.length - 1];
  if (!isEmpty(last)) emptyAfter(last);
}

function toNextLine(row) {
  const next = row.nextElementSibling;
  cell(next && isEmpty(next) ? next : emptyAfter(row), "label").focus();
}

function move(row, up, focused) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other || isEmpty(other)) return;
  if (up) other.before(row); else other.after(row);
  renumber();
  focused.focus();
  changed();
}

function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (!next) emptyAfter(row);
  const beside = next ?? body().rows[1];
  row.remove();
  renumber();
  keepOneEmpty();
  cell(beside, "label").focus();
  changed();
}

form?.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (event.target.name === "q_article") return inCatalogue(event);
  if (event.key === "Escape" && event.target.closest("#catalogue")) return document.getElementById("fermer-catalogue").click();
  if (!row || event.isComposing) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(row, event.key === "ArrowUp", event.target);
  } else if (event.key === "Enter" && !event.shiftKey && event.target.tagName !== "BUTTON") {
    event.preventDefault();
    toNextLine(row);
  } else if (event.key === "+" && event.target.name.endsWith(".label") && !event.target.value) {
    event.preventDefault();
    document.getElementById("ouvrir-catalogue").click();
  }
});

function inCatalogue(event) {
  if (event.key === "Escape") document.getElementById("fermer-catalogue").click();
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    const first = document.querySelector("#articles button");
    if (event.key === "Enter") first?.click(); else first?.focus();
  }
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=action]");
  const [verb] = button?.value.split("-") ?? [];
  const row = button && rowOf(button);
  if (row && verb === "retirer") remove(row);
  else if (row && (verb === "monter" || verb === "descendre")) move(row, verb === "monter", button);
  else if (verb === "ligne") cell(body().rows[body().rows.length - 1], "label").focus();
  else return;
  event.preventDefault();
});

form?.addEventListener("input", (event) => {
  if (rowOf(event.target)) keepOneEmpty();
});

// A figure that gets the focus is ready to be replaced, as in a spreadsheet.
form?.addEventListener("focusin", (event) => {
  if (event.target.tagName === "INPUT" && rowOf(event.target)) event.target.select();
});

// Fragments come back with the focus where the hand goes next.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "lignes") return;
  const wanted = event.detail.target.querySelector("[autofocus]") ?? cell(body().rows[body().rows.length - 1], "label");
  wanted.focus();
});
