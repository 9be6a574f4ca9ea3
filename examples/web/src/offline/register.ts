/** Keeps the desk's files on this device. Gives whether it can be opened without a network from now on. */
export async function keepOffline(): Promise<boolean> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(new URL("./sw.js", document.baseURI));
  return (await navigator.serviceWorker.ready).active !== null;
}
