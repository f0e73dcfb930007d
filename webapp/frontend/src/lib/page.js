// What a page tells its script, and how the script talks to the server.

// The JSON that the server wrote into `<script type="application/json" id="page-data">`.
export function pageData() {
  return JSON.parse(document.getElementById('page-data').textContent);
}

// POST JSON -> { status, data }: data is the answer's JSON, or {} when it has none. Status 0: no answer came at all.
export async function postJson(url, body) {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'X-CSRFToken': document.querySelector('meta[name="csrf-token"]')?.content ?? '',
  };
  let response;
  try {
    response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'same-origin' });
  } catch {
    return { status: 0, data: {} };
  }
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  const data = isJson ? await response.json().catch(() => ({})) : {};
  // A login page instead of an answer: the session has ended.
  return { status: response.redirected && !isJson ? 401 : response.status, data };
}

// element('p', { className: 'lead' }, 'text', otherElement)
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
