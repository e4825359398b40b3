// Asks the device for a passkey as soon as the page is there, and again by the button; its answer goes with the form.

const form = document.querySelector("form[data-passkey]");
const options = JSON.parse(form.dataset.options);

async function ask() {
  const told = form.querySelector("[role=alert]");
  told.hidden = true;
  try {
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    told.hidden = false;
  }
}

form.querySelector("[data-ask]").addEventListener("click", ask);
ask();
