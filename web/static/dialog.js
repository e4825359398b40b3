// A dialog that comes as an answer is opened above the page; closed, it leaves. Without script its link opens a page.

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  const dialog = target.querySelector(":scope > dialog:not([open])");
  if (!dialog) return;
  dialog.showModal();
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => (event.target === dialog || event.target.closest("[data-close]")) && close(event, dialog));
});

function close(event, dialog) {
  event.preventDefault();
  dialog.close();
}
