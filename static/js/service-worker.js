// Answers for the pages of one edition in one language: from the network always; where there is none, with the page
// that holds the whole programme and says how old it is. Keeps that page and its files, nothing else, and renews it
// when an answer names another revision of the portal.
const NAME = `programme-1 ${self.registration.scope}`;
const PAGE = new URL("offline/", self.registration.scope).href;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.endsWith(` ${self.registration.scope}`) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(event) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return (await caches.match(PAGE, { cacheName: NAME })) ?? Response.error();
  }
  event.waitUntil(renew(answer.headers.get("Site-Revision")));
  return answer;
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { cacheName: NAME })) ?? Response.error();
  }
}

async function renew(revision) {
  const kept = await caches.match(PAGE, { cacheName: NAME });
  if (revision && kept?.headers.get("Site-Revision") !== revision) await keep();
}

async function keep() {
  let answer;
  try {
    answer = await fetch(PAGE, { cache: "no-cache", credentials: "omit" });
  } catch {
    return;
  }
  // An edition that was taken back is taken back here too.
  if (answer.status === 404 || answer.status === 410) await caches.delete(NAME);
  if (!answer.ok) return;
  const files = (await answer.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g);
  const addresses = [...files].map(([, path]) => new URL(path, PAGE).href);
  const cache = await caches.open(NAME);
  await cache.addAll(addresses);
  await cache.put(PAGE, answer);
  for (const request of await cache.keys()) {
    if (request.url !== PAGE && !addresses.includes(request.url)) await cache.delete(request);
  }
}
