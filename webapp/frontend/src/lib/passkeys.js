// What passes between the browser's passkeys, which are bytes, and our JSON. Newer browsers have this built in
// (parseCreationOptionsFromJSON, toJSON); those in the offices do not.

export function fromBase64Url(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toBase64Url(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** A credential as py_webauthn reads it. */
export function plainCredential(credential) {
  const { response } = credential;
  const plain = {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: { clientDataJSON: toBase64Url(response.clientDataJSON) },
  };
  if (response.attestationObject) {
    plain.response.attestationObject = toBase64Url(response.attestationObject);
    plain.response.transports = response.getTransports?.() ?? [];
    return plain;
  }
  plain.response.authenticatorData = toBase64Url(response.authenticatorData);
  plain.response.signature = toBase64Url(response.signature);
  if (response.userHandle) plain.response.userHandle = toBase64Url(response.userHandle);
  return plain;
}
