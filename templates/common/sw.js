{% load static %}// Keeps our own files and one page of nobody's on the device, never a page with somebody's data.
const SHELL = "{% url 'offline' %}", NAME = "{{ edition }}", FILES = [SHELL, "{% static 'css/portal.css' %}",
  "{% static 'js/outbox.js' %}", "{% static 'js/files.js' %}", "{% static 'js/forms.js' %}"];
const kept = (url) => caches.match(url, { ignoreVary: true });

self.oninstall = (event) => event.waitUntil(install());
const install = async () => (await caches.open(NAME)).addAll(FILES).then(skipWaiting);
self.onactivate = (event) => event.waitUntil(tidy());
async function tidy() {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
  await clients.claim();
}
self.onfetch = (event) => {
  const { request } = event, { method, mode, url } = request, path = new URL(url).pathname;
  if (mode === "navigate" && method === "GET") event.respondWith(fetch(request).catch(() => kept(SHELL)));
  else if (FILES.includes(path)) event.respondWith(kept(path).then((file) => file || fetch(request)));
};
