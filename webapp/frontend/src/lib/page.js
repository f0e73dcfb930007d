// What a page tells its script, and how the script talks to the server.

// The JSON that the server wrote into `<script type="application/json" id="page-data">`.
export function pageData() {
  return JSON.parse(document.getElementById('page-data').textContent);
}

// POST JSON -> { status, data }: data is the answer's JSON, or {} when it has none. Status 0: no answer came at all.
// `token`: another one than the page's; the other options are fetch's.
export async function postJson(url, body, { token = pageToken(), ...options } = {}) {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'X-CSRFToken': token,
  };
  let response;
  try {
    const request = { method: 'POST', headers, body: JSON.stringify(body), credentials: 'same-origin' };
    response = await fetch(url, { ...request, ...options });
  } catch {
    return { status: 0, data: {} };
  }
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  const data = isJson ? await response.json().catch(() => ({})) : {};
  // A login page instead of an answer: the session has ended.
  return { status: response.redirected && !isJson ? 401 : response.status, data };
}

// `postJson` for a page that may outlive its login. Where the session is another one, the answer is the server's to the
// token of that session; it looks whose it is, and only where it takes the request this page goes on with that token.
export async function postAcrossLogins(url, body, loginUrl, options = {}) {
  const answer = await postJson(url, body, options);
  if (answer.data.type !== 'CSRFError') return answer;
  const token = await freshToken(loginUrl);
  const second = await postJson(url, body, { ...options, token });
  if (second.status === 200 || second.data.version) takeToken(token);
  return second;
}

// The page's script and its plain forms send this token from now on.
function takeToken(token) {
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
}

function pageToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

// The token of the session as it is now, read from a page that needs no login; '' where none came.
async function freshToken(url) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
    return page.querySelector('meta[name="csrf-token"]')?.content ?? '';
  } catch {
    return '';
  }
}

// 32 hex digits that no other page has.
export function pageId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// element('p', { className: 'lead' }, 'text', otherElement)
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
