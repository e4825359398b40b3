// Speed for hands on the keyboard; every page works without it.
//   /  Ctrl-K  search      ?  help      j  k  rows of the list      any key of a [data-key] element, e.g. n = new
// Nothing happens while somebody types, but for Ctrl-K.

const typing = (element) => element.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");
const search = () => document.querySelector("[data-search]");
const rows = () => [...document.querySelectorAll("main table.register tbody tr")].map((row) => row.querySelector("td a[href]")).filter(Boolean);

function step(by) {
  const links = rows();
  const here = links.indexOf(document.activeElement);
  links.at(here < 0 ? (by > 0 ? 0 : -1) : Math.min(Math.max(here + by, 0), links.length - 1))?.focus();
}

function pressed(event) {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && search()) return search().focus() ?? true;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return false;
  if (document.querySelector("dialog[open]")) return false;
  if (event.key === "/" && search()) return search().focus() ?? true;
  if (event.key === "?") return document.getElementById("raccourcis")?.togglePopover() ?? true;
  if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1) ?? true;
  const wanted = /^[a-z+]$/.test(event.key) && document.querySelector(`main [data-key="${event.key}"]`);
  return wanted ? (wanted.click() ?? true) : false;
}

document.addEventListener("keydown", (event) => pressed(event) && event.preventDefault());

// The server does not answer: say so where errors stand, and keep what was typed.
document.addEventListener("htmx:sendError", () => {
  const notice = document.getElementById("avis");
  if (!notice) return;
  const line = document.createElement("p");
  line.className = "notice notice-bad";
  line.append(Object.assign(document.createElement("span"), {
    textContent: "Le serveur ne répond pas. Votre saisie est encore dans la page : recommencez dans un instant.",
  }));
  notice.replaceChildren(line);
});
// It answers again: the notice of a past error has no reason to stay.
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) document.getElementById("avis")?.replaceChildren();
});
// A notice of the server is out of sight when the page is scrolled.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "avis") event.detail.target.scrollIntoView({ block: "center" });
});
// An address says what is asked, not what is not: the empty fields of a filter stay out of it.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});
// Tabs slide on a narrow screen: the open one is in sight.
const showTab = () => document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
document.addEventListener("htmx:afterSettle", showTab);
showTab();
