// Keeps the programme of this edition readable without a network; only for those who opened a page with sessions.
(() => {
  const { page, scope } = document.currentScript.dataset;
  if (!navigator.serviceWorker) return;
  window.addEventListener("load", async () => {
    try {
      const registration = await navigator.serviceWorker.register("/service-worker.js", { scope });
      const worker = registration.active ?? registration.waiting ?? registration.installing;
      worker.postMessage({ keep: page });
    } catch {
      // No storage, or none for this portal: the pages work without.
    }
  });
})();
