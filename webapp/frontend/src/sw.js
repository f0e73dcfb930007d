// The service worker: shows what the server pushes, and opens the page of it. It keeps nothing and answers no request:
// a case must not lie in a browser's cache.

self.addEventListener('push', (event) => {
  const told = event.data?.json() ?? {};
  const shown = { body: told.body, tag: told.tag, lang: told.lang, data: { url: told.url }, icon: '/static/icon.svg' };
  event.waitUntil(self.registration.showNotification(told.title ?? 'Titian', shown));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

// Only ever a page of ours, in a window that is there already where there is one.
async function open(path) {
  const address = new URL(typeof path === 'string' ? path : '/notifications', self.location.origin);
  if (address.origin !== self.location.origin) return;
  const [window] = await self.clients.matchAll({ type: 'window' });
  if (!window) {
    await self.clients.openWindow(address.href);
    return;
  }
  await window.focus();
  await window.navigate(address.href).catch(() => self.clients.openWindow(address.href));
}
