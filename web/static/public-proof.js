// Recomputes here what the page claims, from what it shows: SHA-256 of the line, the way to the root of the Merkle tree
// (RFC 9162), the Ed25519 signature of the checkpoint (C2SP signed note). Nothing is asked of the server.

const shown = (id) => document.getElementById(id)?.textContent ?? "";
const encoded = (text) => new TextEncoder().encode(text);
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const halved = (number) => Math.floor(number / 2);  // shifts of JavaScript stop at 32 bits

// The root that a leaf and its path lead to, in hex; empty when they do not fit the size. RFC 9162 § 2.1.3.2.
async function root(hash, index, size, path) {
  if (!(index >= 0 && index < size)) return "";
  let found = await sha256([0], hash);
  let at = index;
  let last = size - 1;
  for (const other of path) {
    if (last === 0) return "";
    if (at % 2 === 1 || at === last) {
      found = await sha256([1], other, found);
      while (at !== 0 && at % 2 === 0) [at, last] = [halved(at), halved(last)];
    } else {
      found = await sha256([1], found, other);
    }
    [at, last] = [halved(at), halved(last)];
  }
  return last === 0 ? hex(found) : "";
}

// Whether the key, `<name>+<id>+<base64>`, signed the note; null when this browser knows no Ed25519.
async function signed(note, key) {
  const end = note.lastIndexOf("\n\n") + 1;
  const [name, id, encodedKey] = parts(key.trim());
  let verifier;
  try {
    verifier = await crypto.subtle.importKey("raw", unbase64(encodedKey).slice(1), "Ed25519", false, ["verify"]);
  } catch {
    return null;
  }
  const lines = note.slice(end + 1).split("\n").map((line) => line.split(" "));
  const mine = lines.filter(([dash, by]) => dash === "—" && by === name).map(([, , raw]) => unbase64(raw));
  const ours = mine.filter((raw) => hex(raw.slice(0, 4)) === id);
  const text = encoded(note.slice(0, end));
  const held = await Promise.all(ours.map((raw) => crypto.subtle.verify("Ed25519", verifier, raw.slice(4), text)));
  return held.length > 0 && held.every(Boolean);
}

// Base64 may hold a « + » of its own.
const parts = (key) => key.match(/^([^+]+)\+([^+]+)\+(.*)$/)?.slice(1) ?? [];

async function checks() {
  const found = {};
  const line = document.getElementById("ligne");
  const printed = shown("empreinte").trim();
  const note = shown("note");
  let hash = bytes(printed);
  if (line) {
    hash = await sha256(encoded(`${shown("precedente").trim()}\n${line.value}\n`));
    found.line = hex(hash) === printed;
    found.place = says(line) && (!note || note.split("\n")[0].split("/")[1] === line.dataset.ledger);
  }
  if (note) {
    const [, size, encodedRoot] = note.split("\n");
    const path = document.getElementById("chemin");
    const nodes = [...path.querySelectorAll("code")].map((node) => bytes(node.textContent.trim()));
    found.tree = await root(hash, Number(path.dataset.index), Number(size), nodes) === hex(unbase64(encodedRoot));
    found.signature = await signed(note, shown("cle"));
  }
  return found;
}

// Whether a line says the place that the page gives it.
function says(line) {
  try {
    const entry = JSON.parse(line.value);
    return entry.ledger === line.dataset.ledger && String(entry.pos) === line.dataset.pos;
  } catch {
    return false;
  }
}

async function tell() {
  const found = await checks();
  for (const [name, held] of Object.entries(found)) {
    const item = document.querySelector(`[data-check=${name}]`);
    item.className = held === null ? "mute" : held ? "good" : "bad";
    item.lastElementChild.textContent = held === null ? "Ce navigateur ne sait pas vérifier la signature du point de contrôle." : item.dataset[held ? "good" : "bad"];
  }
  conclude(Object.values(found).includes(false) ? "bad" : "tree" in found ? "good" : "old");
}

function conclude(state) {
  const verdict = document.getElementById("verdict");
  const words = verdict.querySelector("[role=status]");
  verdict.className = `sheet proof proof-${{ good: "ok", bad: "bad" }[state] ?? "old"}`;
  verdict.querySelector("use").setAttribute("href", verdict.querySelector("use").getAttribute("href").replace(/#.*/, state === "bad" ? "#exclamation-triangle" : "#shield-check"));
  words.textContent = words.dataset[state];
}

if (document.getElementById("verdict")) {
  if (crypto.subtle) {
    tell();
    document.getElementById("ligne")?.addEventListener("input", tell);
  } else {
    conclude("mute");  // a page over http, on another machine
  }
}

// A QR code leads here with its fingerprint behind « # », where no server and no log reads it.
const asked = document.getElementById("chercher");
const given = location.hash.slice(1);
if (asked && /^[0-9a-f]{64}$/.test(given) && !asked.elements.fingerprint.value) {
  asked.elements.fingerprint.value = given;
  asked.requestSubmit();
}
