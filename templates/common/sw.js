{% load static %}// Keeps the portal's own files and one page of nobody's on the device, never a page with somebody's data.
const SHELL = "{% url 'offline' %}";
const FILES = [SHELL, "{% static 'js/outbox.js' %}", "{% static 'js/files.js' %}", "{% static 'css/portal.css' %}"];
const NAME = `{{ edition }} ${FILES}`, kept = (url) => caches.match(url, { ignoreVary: true });

self.oninstall = (event) => event.waitUntil(install());
async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES.map((url) => new Request(url, { credentials: "omit" })));
  await skipWaiting();
}
self.onactivate = (event) => event.waitUntil(tidy());
async function tidy() {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
  await clients.claim();
}
self.onfetch = (event) => {
  const { method, mode, url } = event.request, path = new URL(url).pathname;
  if (mode === "navigate" && method === "GET") event.respondWith(fetch(event.request).catch(() => kept(SHELL)));
  else if (FILES.includes(path)) event.respondWith(kept(path).then((file) => file || fetch(event.request)));
};
