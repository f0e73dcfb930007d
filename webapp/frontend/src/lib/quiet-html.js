// What analysts write as HTML or Markdown (form-js' `html` and `text`), before form-js sanitizes it.
//
// Wherever HTML is parsed, even in a template, Chromium complains of event handlers and styles that the content security policy
// forbids; and form-js lets pictures load. So their attributes lose their names before, and a template, whose content loads and
// runs nothing, loses the rest. What is safe is decided by form-js after this: here goes what the policy blocks anyway.

const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>|<[a-z][^>]*>/gi;
const HANDLER = /([\s"'/])(?:on[\w-]*|style)(?=\s*=)/gi;
const DEAD = new Set(['script', 'style', 'iframe', 'object', 'embed', 'link', 'meta', 'base', 'template', 'noscript', 'image', 'use']);
const LOADS = new Set(['src', 'srcset', 'poster', 'background', 'data', 'action', 'formaction', 'xlink:href']);

export function quiet(html) {
  const template = document.createElement('template');
  template.innerHTML = String(html).replace(TAG, (tag) => tag.replace(HANDLER, '$1data-off'));
  for (const element of template.content.querySelectorAll('*')) {
    if (DEAD.has(element.localName)) {
      element.remove();
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      if (isLoud(element.localName, name, value)) element.removeAttribute(name);
    }
  }
  return template.innerHTML;
}

function isLoud(element, name, value) {
  if (name === 'data-off') return true;
  if (LOADS.has(name)) return !(element === 'img' && /^data:image\//i.test(value));
  return name === 'href' && !(element === 'a' && /^(https?:|mailto:|tel:|[/#?])/i.test(value.trim()));
}
