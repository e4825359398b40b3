// The lines of the editor under the hands; without script the same buttons ask the server.
//   Enter  next line, or a new one      Shift-Enter  line break      Alt-↑ Alt-↓  move      +  in an empty line: the catalogue
// Rows are numbered in their order (`lines.2.label`), as the server reads them; the last one is always empty.

const form = document.getElementById("editeur");
const TYPED = ["label", "quantity", "unit_price", "discount"];
const NUMBERED = ["id", "name", "aria-label", "aria-describedby", "value"];

const body = () => form.querySelector("table.lines tbody");
const rowOf = (element) => element.closest?.("table.lines tbody tr");
const lastRow = () => body().rows[body().rows.length - 1];
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
  if (!isEmpty(lastRow())) emptyAfter(lastRow());
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
  if (event.key === "Escape" && event.target.closest("#catalogue")) return closeCatalogue();
  if (!row || event.isComposing) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(row, event.key === "ArrowUp", event.target);
  } else if (event.key === "Enter" && !event.shiftKey && event.target.tagName !== "BUTTON") {
    event.preventDefault();
    toNextLine(row);
  } else if (event.key === "+" && event.target.name.endsWith(".label") && !event.target.value) {
    event.preventDefault();
    openCatalogue();
  }
});

// The catalogue opens at once; the server is asked for its articles, and an article carries the line that it becomes.

const panel = () => document.getElementById("catalogue");
const search = () => form.querySelector("[name=q_article]");
const firstArticle = () => document.querySelector("#articles button");
const answered = () => document.querySelector("#articles [data-q]")?.dataset.q === search().value;
const takes = (field, value) => field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value);

function openCatalogue() {
  if (!panel()) {
    document.getElementById("lignes").append(document.getElementById("catalogue-ferme").content.cloneNode(true));
    htmx.process(panel());
  }
  search().focus();
}

function closeCatalogue() {
  panel().remove();
  cell(lastRow(), "label").focus();
}

// False when the line says what no list of this page offers: the server then makes it.
function insert(article) {
  const row = lastRow();
  const line = Object.entries(JSON.parse(article.dataset.line));
  if (!line.every(([part, value]) => takes(cell(row, part), value))) return false;
  for (const [part, value] of line) cell(row, part).value = value;
  panel().remove();
  keepOneEmpty();
  cell(row, "quantity").focus();
  changed();
  return true;
}

function inCatalogue(event) {
  if (event.key === "Escape") closeCatalogue();
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "ArrowDown") firstArticle()?.focus();
  else if (answered()) firstArticle()?.click();
  else {
    hold();
    htmx.trigger(search(), "chercher");
  }
}

// What is typed while an answer is awaited, and the focus is not yet where it belongs: kept, then typed there.

let holding = false;
const held = [];

const hold = () => { holding = true; };
const isHeld = ({ key, altKey, ctrlKey, metaKey, shiftKey }) =>
  altKey ? key === "ArrowUp" || key === "ArrowDown" : !ctrlKey && !metaKey && !shiftKey && ["Enter", "Tab", "Backspace"].includes(key);

function keep(event, pressed) {
  event.preventDefault();
  event.stopImmediatePropagation();
  held.push(pressed);
}

function release() {
  holding = false;
  while (held.length && !holding) type(held.shift());
}

function type({ key, text, altKey }) {
  const field = document.activeElement;
  if (!field.dispatchEvent(new KeyboardEvent("keydown", { key, altKey, bubbles: true, cancelable: true }))) return;
  if (text) document.execCommand("insertText", false, text);
  else if (key === "Tab") fieldAfter(field)?.focus();
  else if (key === "Backspace") document.execCommand("delete");
}

function fieldAfter(field) {
  const all = [...form.elements].filter((other) => other.type !== "hidden" && other.tabIndex >= 0 && other.checkVisibility());
  return all[all.indexOf(field) + 1];
}

document.addEventListener("keydown", (event) => {
  if (holding && event.key === "Escape") giveUp();
  else if (holding && isHeld(event)) keep(event, { key: event.key, altKey: event.altKey });
}, true);

// Text as it is about to be entered, whatever keys it took.
document.addEventListener("beforeinput", (event) => {
  if (holding && event.inputType === "insertText") keep(event, { key: event.data, text: event.data });
}, true);

function giveUp() {
  holding = false;
  held.length = 0;
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=action]");
  const [verb] = button?.value.split("-") ?? [];
  const row = button && rowOf(button);
  if (row && verb === "retirer") remove(row);
  else if (row && (verb === "monter" || verb === "descendre")) move(row, verb === "monter", button);
  else if (verb === "ligne") cell(lastRow(), "label").focus();
  else if (verb === "catalogue") openCatalogue();
  else if (verb === "fermer") closeCatalogue();
  else return;
  event.preventDefault();
});

form?.addEventListener("click", (event) => {
  const article = event.target.closest("button[data-line]");
  if (!article || !insert(article)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

form?.addEventListener("input", (event) => {
  if (rowOf(event.target)) keepOneEmpty();
});

// A figure that gets the focus is ready to be replaced, as in a spreadsheet.
form?.addEventListener("focusin", (event) => {
  if (event.target.tagName === "INPUT" && rowOf(event.target)) event.target.select();
});

// Fragments come back with the focus where the hand goes next, and what it typed meanwhile.
document.addEventListener("htmx:beforeRequest", ({ detail: { target } }) => {
  if (target.id === "lignes" && target.contains(document.activeElement)) hold();
});
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id === "articles" && holding && answered()) {
    holding = false;
    firstArticle()?.click();
    if (!holding) release();
  }
  if (target.id !== "lignes") return;
  (target.querySelector("[autofocus]") ?? cell(lastRow(), "label")).focus();
  release();
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, release);
