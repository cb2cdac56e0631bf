// form[data-passkey="create" | "get"]: its submit asks the browser for a passkey and sends the answer in the
// field `credential`. Options come from data-passkey-options (JSON) or data-passkey-url. [data-passkey-part] is
// shown only where passkeys work; [data-passkey-error] and [data-passkey-unable] say why nothing came.
const able = () => window.isSecureContext && "credentials" in navigator && "PublicKeyCredential" in window;
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

const optionsOf = async (form) => {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions).publicKey;
  const answer = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} from ${form.dataset.passkeyUrl}`);
  return (await answer.json()).request_options.publicKey;
};

const create = async (options, alone) => {
  const selection = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: keys(options.excludeCredentials),
      authenticatorSelection: selection,
    },
  });
  return [made, {
    clientDataJSON: text(made.response.clientDataJSON),
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  }];
};

const get = async (options) => {
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: keys(options.allowCredentials) },
  });
  const { response } = used;
  return [used, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  }];
};

const ask = async (form) => {
  const options = await optionsOf(form);
  const alone = form.elements.namedItem("passwordless")?.checked ?? false;
  const [credential, response] = form.dataset.passkey === "create" ? await create(options, alone) : await get(options);
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
};

const say = (form, name, shown) => {
  const words = form.querySelector(`[data-passkey-${name}]`);
  if (words) words.hidden = !shown;
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  say(form, "error", false);
  say(form, "unable", !able());
  if (!able()) return;
  try {
    form.elements.namedItem("credential").value = JSON.stringify(await ask(form));
    form.submit();
  } catch (error) {
    say(form, "error", true);
    if (error.name !== "NotAllowedError") console.error(error);
  }
});

if (able()) for (const part of document.querySelectorAll("[data-passkey-part]")) part.hidden = false;
